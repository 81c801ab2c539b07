import { types } from "../../types.ts";
import {
  isArray,
  isObject,
  isSet,
  objectEntries,
  objectKeys,
  objectOf,
  RegoSet,
} from "../../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { objectOperand, wrongType } from "../operands.ts";
import { findChild } from "./children.ts";

const anyObject = types.objectOf(types.any, types.any);

export const keyBuiltins: readonly Builtin[] = [
  {
    name: "object.get",
    args: [anyObject, types.any, types.any],
    result: types.any,
    evaluate: (_context, object, path, otherwise) => {
      const found = findAt(objectOperand(object, 1), isArray(path) ? path : [path]);
      return found === undefined ? otherwise : found;
    },
  },
  {
    name: "object.keys",
    args: [anyObject],
    result: types.setOf(types.any),
    evaluate: (_context, object) => new RegoSet(objectKeys(objectOperand(object, 1))),
  },
  selection("object.filter", true),
  selection("object.remove", false),
];

function findAt(object: AnyObject, path: RegoArray): RegoValue | undefined {
  let found: RegoValue | undefined = object;
  for (const key of path) {
    if (found === undefined) return undefined;
    found = findChild(found, key);
  }
  return found;
}

/** The entries whose keys are among those named, or the others. */
function selection(name: string, kept: boolean): Builtin {
  return {
    name,
    args: [anyObject, types.anyOf(types.arrayOf(types.any), anyObject, types.setOf(types.any))],
    result: anyObject,
    evaluate: (_context, object, keys) => {
      const entries = objectEntries(objectOperand(object, 1));
      const named = keysOperand(keys);
      return objectOf(entries.filter(([key]) => named.has(key) === kept));
    },
  };
}

function keysOperand(value: RegoValue): RegoSet {
  if (isSet(value)) return value;
  if (isArray(value)) return new RegoSet(value);
  if (isObject(value)) return new RegoSet(objectKeys(value));
  throw wrongType(value, 2, "object", "set", "array");
}
