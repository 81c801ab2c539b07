import { sameTerm } from "../compile/unify-safety.ts";
import type { ObjectTerm, Term } from "../syntax/index.ts";
import type { RegoType } from "../types.ts";
import { anyType, choices, isEveryType, selectKey, unifies, unionOf, valuesOf } from "./algebra.ts";
import type { TypeEnvironment } from "./environment.ts";

/** Holds a term against a type, and gives variables without a type theirs. False when no value can be both. */
export function infer(environment: TypeEnvironment, term: Term, type: RegoType, widen = false): boolean {
  switch (term.kind) {
    case "array":
    case "object":
    case "set":
      return inferComposite(environment, term, type, widen);
    case "var":
      return inferVar(environment, term.name, type, widen);
    default: {
      const own = environment.typeOf(term);
      return own === undefined || unifies(own, type);
    }
  }
}

function inferVar(environment: TypeEnvironment, name: string, type: RegoType, widen: boolean): boolean {
  const known = environment.find(name);
  if (widen) environment.set(name, unionOf(known, type) ?? type);
  else if (known) return unifies(known, type);
  else environment.set(name, type);
  return true;
}

type Composite = Term & { readonly kind: "array" | "object" | "set" };

function inferComposite(
  environment: TypeEnvironment,
  term: Composite,
  type: RegoType,
  widen: boolean,
): boolean {
  const parts = term.kind === "object" ? term.items.flat() : term.items;
  if (isEveryType(type)) {
    for (const part of parts) infer(environment, part, anyType, true);
    return true;
  }
  const some = choices(type);
  if (some) return some.filter((one) => infer(environment, term, one, true)).length > 0;
  if (term.kind === "array" && type.type === "array") {
    if (term.items.length !== (type.static?.length ?? 0) && !type.dynamic) return false;
    return term.items.every((item, i) =>
      infer(environment, item, type.static?.[i] ?? type.dynamic ?? anyType, widen),
    );
  }
  if (term.kind === "object" && type.type === "object") return inferObject(environment, term, type, widen);
  if (term.kind !== "set" || type.type !== "set") return false;
  return term.items.every((item) => infer(environment, item, valuesOf(type) ?? anyType, widen));
}

function inferObject(
  environment: TypeEnvironment,
  { items }: ObjectTerm,
  type: RegoType & { type: "object" },
  widen: boolean,
): boolean {
  if (items.length !== (type.static?.length ?? 0) && !type.dynamic) return false;
  return items.every(([key, value]) => {
    if (key.kind !== "scalar") return infer(environment, value, anyType, widen) || true;
    const member = selectKey(type, key.value);
    return member !== undefined && infer(environment, value, member, widen);
  });
}

/** Holds two terms of an equality against each other (OPA's `unify2`). */
export function inferBoth(environment: TypeEnvironment, a: Term, b: Term): boolean {
  const [left, right] = [environment.typeOf(a), environment.typeOf(b)];
  if (left && right) return unifies(left, right);
  if (right) return infer(environment, a, right);
  if (left) return infer(environment, b, left);
  return inferUnknown(environment, a, b);
}

function inferUnknown(environment: TypeEnvironment, a: Term, b: Term): boolean {
  if (a.kind === "array" && b.kind === "array") {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, i) => inferBoth(environment, item, b.items[i] as Term))
    );
  }
  if (a.kind === "object" && b.kind === "object") return inferObjects(environment, a, b);
  if (a.kind !== "var" && b.kind !== "var") return false;
  const [variable, other] = a.kind === "var" ? [a, b] : [b, a];
  infer(environment, other, anyType);
  return infer(environment, variable, environment.typeOf(other) ?? anyType);
}

function inferObjects(environment: TypeEnvironment, a: ObjectTerm, b: ObjectTerm): boolean {
  if (a.items.length !== b.items.length) return false;
  return a.items.every(([key, value]) => {
    const other = b.items.find(([one]) => sameTerm(one, key));
    return other === undefined || inferBoth(environment, value, other[1]);
  });
}
