import { Boxed } from "./boxed.ts";
import type { AnyNumber } from "./number.ts";
import type { RegoSet } from "./set.ts";
import type { AnyObject, RegoArray, RegoValue } from "./value.ts";

/** The kinds of value in their order: values of different kinds compare by kind (OPA's `ast.Compare`). */
export const kinds = { null: 0, boolean: 1, number: 2, string: 3, array: 4, object: 5, set: 6 } as const;

export type KindName = keyof typeof kinds;

const names = Object.keys(kinds) as KindName[];

/** The ordinal of a value's kind. */
export function kindOf(value: RegoValue): number {
  switch (typeof value) {
    case "string":
      return kinds.string;
    case "number":
      return kinds.number;
    case "boolean":
      return kinds.boolean;
    default:
      return kindOfReference(value);
  }
}

function kindOfReference(value: RegoValue): number {
  if (value === null) return kinds.null;
  if (Array.isArray(value)) return kinds.array;
  return value instanceof Boxed ? value.kind : kinds.object;
}

/** What `type_name` calls the value. */
export function kindName(value: RegoValue): KindName {
  return names[kindOf(value)] as KindName;
}

export function isNumber(value: RegoValue): value is AnyNumber {
  return typeof value === "number" || (value instanceof Boxed && value.kind === kinds.number);
}

export function isArray(value: RegoValue): value is RegoArray {
  return Array.isArray(value);
}

export function isSet(value: RegoValue): value is RegoSet {
  return value instanceof Boxed && value.kind === kinds.set;
}

export function isObject(value: RegoValue): value is AnyObject {
  return typeof value === "object" && kindOf(value) === kinds.object;
}
