import { equal, isObject, objectEntries, RegoObject, RegoSet } from "../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../values/index.ts";

/** What can be walked through: values, and their keys where these are not the positions. */
export interface Entries {
  readonly keys: readonly RegoValue[] | undefined;
  readonly values: readonly RegoValue[];
}

const none: Entries = { keys: undefined, values: [] };

/** The members of a collection in their order; none of anything else. */
export function entries(value: RegoValue): Entries {
  if (typeof value !== "object" || value === null) return none;
  if (Array.isArray(value)) return { keys: undefined, values: value as RegoArray };
  if (value instanceof RegoSet) return { keys: value.sorted(), values: value.sorted() };
  return isObject(value) ? objectParts(value) : none;
}

function objectParts(object: AnyObject): Entries {
  const found = objectEntries(object);
  return { keys: found.map(([key]) => key), values: found.map(([, member]) => member) };
}

/** What a collection has under a key: an item by its position, a member of a set by itself. */
export function get(value: RegoValue, key: RegoValue): RegoValue | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return item(value as RegoArray, key);
  if (value instanceof RegoSet) return value.get(key);
  if (value instanceof RegoObject) return value.get(key);
  if (typeof key !== "string" || !isObject(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, RegoValue>)[key] : undefined;
}

/** True when a collection has the value among its members. */
export function isMember(member: RegoValue, of: RegoValue): boolean {
  if (of instanceof RegoSet) return of.has(member);
  return entries(of).values.some((value) => equal(value, member));
}

function item(array: RegoArray, key: RegoValue): RegoValue | undefined {
  return typeof key === "number" && Number.isInteger(key) && key >= 0 ? array[key] : undefined;
}
