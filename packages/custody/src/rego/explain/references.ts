import type { RegoHost } from "../builtins/builtin.ts";
import { operatorName } from "../compile/build.ts";
import { visitExpr, visitRule } from "../compile/visit.ts";
import type { Limits } from "../runtime/index.ts";
import type { Location, Module, RefTerm } from "../syntax/index.ts";
import { isObject, objectGet, termText } from "../values/index.ts";
import type { RegoValue } from "../values/index.ts";

/** What an evaluation was about, and what it was allowed: the values of documents are found in the same way. */
export interface World {
  readonly input: RegoValue | undefined;
  readonly data: RegoValue;
  readonly host?: RegoHost;
  readonly limits?: Partial<Limits>;
}

/** What the expression at a place says of the input, and what that is: `input.user` and `"ada"`. */
export function referencesOf(
  { rules }: Module,
  at: Location,
  { input }: World,
): readonly (readonly [name: string, value: string])[] {
  const names = new Set<string>();
  const addNamed = (place: Location, ref: RefTerm): void => {
    const name = inputName(ref);
    if (name !== undefined && isWithin(place, at)) names.add(name);
  };
  for (const rule of rules.filter((one) => isWithin(at, one.at))) {
    visitRule(rule, {
      expr: (expr) => {
        const isMeant = isWithin(expr.at, at) || isWithin(at, expr.at);
        if (isMeant) visitExpr(expr, { term: (term) => term.kind === "ref" && addNamed(term.at, term) });
      },
    });
  }
  return [...names].map((name) => {
    const value = valueAt(input, name.split(".").slice(1));
    return [name, value === undefined ? "undefined" : termText(value)] as const;
  });
}

function isWithin(inner: Location, outer: Location): boolean {
  return inner.offset >= outer.offset && inner.end <= outer.end;
}

/** The constant beginning of a reference to the input. */
function inputName(ref: RefTerm): string | undefined {
  if (ref.head.kind !== "var" || ref.head.name !== "input") return undefined;
  const unknown = ref.path.findIndex((part) => part.kind !== "scalar" || typeof part.value !== "string");
  return operatorName({ ...ref, path: unknown < 0 ? ref.path : ref.path.slice(0, unknown) });
}

function valueAt(whole: RegoValue | undefined, path: readonly string[]): RegoValue | undefined {
  let value = whole;
  for (const name of path)
    value = value !== undefined && isObject(value) ? objectGet(value, name) : undefined;
  return value;
}
