import { refsOfRule } from "custody/rego";
import type { EvaluateOptions, Location, Module, Policy, PreparedQuery, RegoValue } from "custody/rego";

import type { ValuePath } from "./format.ts";
import { namespaceOf } from "./rules.ts";

type Rule = Module["rules"][number];

/** Finds where in the input rules of a name looked, for complaints that do not say it themselves. */
export class DecidingPath {
  readonly #rules: readonly Rule[];
  readonly #prepare: () => PreparedQuery;
  #followed: PreparedQuery | undefined;

  constructor(policy: Policy, namespace: string, name: string) {
    this.#rules = policy.modules
      .filter((module) => namespaceOf(module) === namespace)
      .flatMap(({ rules }) => rules)
      .filter(({ head: { ref } }) => ref[0]?.kind === "var" && ref[0].name === name);
    this.#prepare = () => policy.prepare(`data.${namespace}.${name}`, { followed: true });
  }

  /**
   * The constant names with which the last reference into the input begins, of the only rule of the name that held;
   * undefined where several did, for then no complaint can be told from another. Messages do not count as a look.
   */
  find(input: RegoValue, options: EvaluateOptions): ValuePath | undefined {
    const [rule, ...others] = this.#rules.length > 1 ? this.#heldRules(input, options) : this.#rules;
    return rule && others.length === 0 ? lastLook(rule) : undefined;
  }

  #heldRules(input: RegoValue, options: EvaluateOptions): readonly Rule[] {
    const places = new Set<string>();
    this.#followed ??= this.#prepare();
    this.#followed.evaluate(input, { ...options, follow: (at) => places.add(placeKey(at)) });
    return this.#rules.filter(({ head }) => places.has(placeKey(head.at)));
  }
}

function placeKey({ file, offset, end }: Location): string {
  return `${offset} ${end} ${file}`;
}

function lastLook(rule: Rule): ValuePath | undefined {
  const named = new Set(variablesOf(rule));
  const body = rule.body.filter((expr) => {
    const [target] = expr.form === "call" ? expr.args : [];
    return target?.kind !== "var" || !named.has(target.name);
  });
  const head = { ...rule.head, element: undefined, ref: rule.head.ref.slice(0, 1) };
  const looks = refsOfRule({ ...rule, head, body, elseRule: undefined }).filter(
    (ref) => ref.head.kind === "var" && ref.head.name === "input",
  );
  const path = looks.at(-1)?.path;
  if (!path) return undefined;
  const end = path.findIndex((part) => part.kind !== "scalar");
  return path.slice(0, end === -1 ? undefined : end).flatMap((part) => {
    const name = part.kind === "scalar" ? part.value : null;
    return typeof name === "string" || typeof name === "number" ? [name] : [];
  });
}

/** The variables that a complaint is made of: what is computed for them only words it. */
function variablesOf({ head: { element } }: Rule): readonly string[] {
  const terms =
    element?.kind === "object" ? element.items.map(([, value]) => value) : element ? [element] : [];
  return terms.flatMap((term) => (term.kind === "var" ? [term.name] : []));
}
