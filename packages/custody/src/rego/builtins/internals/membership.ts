import { types } from "../../types.ts";
import { equal, isArray, isObject, isSet, objectEntries } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { findChild } from "../objects/index.ts";

/** `x in xs` and `k, v in xs`. */
export const membership: readonly Builtin[] = [
  {
    name: "internal.member_2",
    infix: "in",
    args: [types.any, types.any],
    result: types.boolean,
    evaluate: (_context, value, collection) => isMember(value, collection),
  },
  {
    name: "internal.member_3",
    infix: "in",
    args: [types.any, types.any, types.any],
    result: types.boolean,
    evaluate: (_context, key, value, collection) => isEntry(key, value, collection),
  },
];

function isMember(value: RegoValue, collection: RegoValue): boolean {
  if (isSet(collection)) return collection.has(value);
  if (isArray(collection)) return collection.some((item) => equal(item, value));
  return isObject(collection) && objectEntries(collection).some(([, other]) => equal(other, value));
}

function isEntry(key: RegoValue, value: RegoValue, collection: RegoValue): boolean {
  const found = findChild(collection, key);
  return found !== undefined && equal(found, value);
}
