import type { RegoType } from "../types.ts";
import type { RegoValue } from "../values/index.ts";
import { kindName, isArray, isObject, isSet, objectEntries } from "../values/index.ts";

/** A type, or undefined while nothing is known. */
export type Known = RegoType | undefined;

export const anyType: RegoType = { type: "any" };

/** The types that an `any` is one of; undefined for one that is every value, or for no `any`. */
export function choices(type: RegoType): readonly RegoType[] | undefined {
  return type.type === "any" && type.of && type.of.length > 0 ? type.of : undefined;
}

export function isEveryType(type: RegoType): boolean {
  return type.type === "any" && choices(type) === undefined;
}

/** The type of values that are of one or the other. */
export function unionOf(a: Known, b: Known): Known {
  if (a === undefined || b === undefined) return a ?? b;
  if (isEveryType(a) || isEveryType(b)) return anyType;
  if (a.type === "function" && b.type === "function") return functionUnion(a, b);
  const all = [...(choices(a) ?? [a]), ...(choices(b) ?? [b])];
  const distinct = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  return distinct.length === 1 ? distinct[0] : { type: "any", of: distinct };
}

function functionUnion(a: RegoType & { type: "function" }, b: RegoType & { type: "function" }): RegoType {
  const args = (a.args ?? []).map((arg, i) => unionOf(arg, b.args?.[i]) ?? anyType);
  const result = unionOf(a.result, b.result);
  return { type: "function", args, ...(result && { result }) };
}

/** The type of a value that is known. */
function typeOfValue(value: RegoValue): RegoType {
  if (isArray(value)) return { type: "array", static: value.map(typeOfValue) };
  if (isSet(value))
    return { type: "set", of: value.sorted().map(typeOfValue).reduce<Known>(unionOf, undefined) ?? anyType };
  if (isObject(value))
    return objectType(objectEntries(value).map(([key, member]) => [key, typeOfValue(member)]));
  return { type: kindName(value) as "null" };
}

/** Keys that are strings are known one by one; of the others only their types. */
export function objectType(items: readonly (readonly [RegoValue, RegoType])[]): RegoType {
  const named = items.flatMap(([key, value]) => (typeof key === "string" ? [{ key, value }] : []));
  const others = items.filter(([key]) => typeof key !== "string");
  const key = others.map(([one]) => typeOfValue(one)).reduce<Known>(unionOf, undefined);
  const value = others.map(([, one]) => one).reduce<Known>(unionOf, undefined);
  return { type: "object", static: named, ...(key && value && { dynamic: { key, value } }) };
}

/** What a value of the type can be referred into with; undefined for what has no members. */
export function keysOf(type: RegoType): Known {
  switch (type.type) {
    case "array":
      return { type: "number" };
    case "set":
      return type.of ?? anyType;
    case "object":
      return (
        [
          ...(type.static ?? []).map((): RegoType => ({ type: "string" })),
          ...(type.dynamic ? [type.dynamic.key] : []),
        ].reduce<Known>(unionOf, undefined) ?? { type: "any" }
      );
    case "any":
      return isEveryType(type) ? anyType : (choices(type) ?? []).map(keysOf).reduce(unionOf, undefined);
    default:
      return undefined;
  }
}

/** What its members are; undefined for what has none. */
export function valuesOf(type: RegoType): Known {
  switch (type.type) {
    case "array":
      return (
        [...(type.static ?? []), ...(type.dynamic ? [type.dynamic] : [])].reduce<Known>(unionOf, undefined) ??
        anyType
      );
    case "set":
      return type.of ?? anyType;
    case "object":
      return (
        [
          ...(type.static ?? []).map(({ value }) => value),
          ...(type.dynamic ? [type.dynamic.value] : []),
        ].reduce<Known>(unionOf, undefined) ?? anyType
      );
    case "any":
      return isEveryType(type) ? anyType : (choices(type) ?? []).map(valuesOf).reduce(unionOf, undefined);
    default:
      return undefined;
  }
}

/** What stands under a constant key; undefined where no value of the type has it. */
export function selectKey(type: RegoType, key: RegoValue): Known {
  switch (type.type) {
    case "array":
      return typeof key === "number" ? (type.static?.[key] ?? type.dynamic) : undefined;
    case "set":
      return type.of && unifies(type.of, typeOfValue(key)) ? type.of : undefined;
    case "object": {
      const named = type.static?.find((one) => one.key === key)?.value;
      const fits = type.dynamic && unifies(type.dynamic.key, typeOfValue(key));
      return named ?? (fits ? type.dynamic?.value : undefined);
    }
    case "any":
      return isEveryType(type)
        ? anyType
        : (choices(type) ?? []).map((one) => selectKey(one, key)).reduce(unionOf, undefined);
    default:
      return undefined;
  }
}

/** True when some value may be of both types (OPA's `unifies`). */
export function unifies(a: RegoType, b: RegoType): boolean {
  if (a.type === "any" || b.type === "any") return unifiesAny(a, b) || unifiesAny(b, a);
  if (a.type === "array" && b.type === "array")
    return arraysUnify(a, b) && arraysUnify(b, a) && dynamicsUnify(a.dynamic, b.dynamic);
  if (a.type === "object" && b.type === "object") {
    return objectsUnify(a, b) && objectsUnify(b, a) && dynamicsUnify(a.dynamic?.value, b.dynamic?.value);
  }
  if (a.type === "set" && b.type === "set") return unifies(a.of ?? anyType, b.of ?? anyType);
  if (a.type === "function" && b.type === "function") return functionsUnify(a, b);
  return a.type === b.type;
}

function unifiesAny(a: RegoType, b: RegoType): boolean {
  if (a.type !== "any" || b.type === "function") return false;
  return isEveryType(a) || (choices(a) ?? []).some((one) => unifies(one, b));
}

function dynamicsUnify(a: Known, b: Known): boolean {
  return a === undefined || b === undefined || unifies(a, b);
}

function arraysUnify(a: RegoType & { type: "array" }, b: RegoType & { type: "array" }): boolean {
  return (a.static ?? []).every((item, i) => {
    const other = b.static?.[i] ?? b.dynamic;
    return other !== undefined && unifies(item, other);
  });
}

function objectsUnify(a: RegoType & { type: "object" }, b: RegoType & { type: "object" }): boolean {
  return (a.static ?? []).every(({ key, value }) => {
    const other = selectKey(b, key);
    if (other === undefined) return a.dynamic !== undefined || b.dynamic !== undefined;
    return unifies(value, other);
  });
}

function functionsUnify(a: RegoType & { type: "function" }, b: RegoType & { type: "function" }): boolean {
  const [left, right] = [a.args ?? [], b.args ?? []];
  return left.length === right.length && left.every((arg, i) => unifies(arg, right[i] ?? anyType));
}
