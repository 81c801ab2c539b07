import { types } from "../../types.ts";
import {
  isArray,
  isObject,
  isSet,
  objectEntries,
  objectOf,
  RegoObject,
  RegoSet,
} from "../../values/index.ts";
import type { RegoArray, RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { objectOperand } from "../operands.ts";
import { pathTree } from "./paths.ts";

const anyObject = types.objectOf(types.any, types.any);
const path = types.anyOf(types.string, types.arrayOf(types.any));
const args = [anyObject, types.anyOf(types.arrayOf(path), types.setOf(path))];

/** What the paths lead to, or all else. */
export const jsonFilters: readonly Builtin[] = [
  {
    name: "json.filter",
    args,
    result: anyObject,
    evaluate: (_context, object, paths) => {
      const target = objectOperand(object, 1);
      return filter(target, pathTree(paths));
    },
  },
  {
    name: "json.remove",
    args,
    result: anyObject,
    evaluate: (_context, object, paths) => {
      const target = objectOperand(object, 1);
      return remove(target, pathTree(paths));
    },
  },
];

function filter(value: RegoValue, tree: RegoValue): RegoValue {
  if (!(tree instanceof RegoObject)) return value;
  return mapChildren(value, (key, child) => {
    const below = tree.get(key);
    return below === undefined ? undefined : filter(child, below);
  });
}

function remove(value: RegoValue, tree: RegoObject): RegoValue {
  return mapChildren(value, (key, child) => {
    const below = tree.get(key);
    if (below === null) return undefined;
    return below instanceof RegoObject ? remove(child, below) : child;
  });
}

/** The value with other children, or without those that become undefined. The key of an item is its index as a string. */
function mapChildren(
  value: RegoValue,
  map: (key: RegoValue, child: RegoValue) => RegoValue | undefined,
): RegoValue {
  if (isArray(value)) return defined(value.map((item, i) => map(String(i), item)));
  if (isSet(value)) return new RegoSet(defined(value.sorted().map((member) => map(member, member))));
  if (!isObject(value)) return value;
  const entries = objectEntries(value).map(([key, child]) => [key, map(key, child)] as const);
  return objectOf(entries.filter((entry): entry is [RegoValue, RegoValue] => entry[1] !== undefined));
}

function defined(values: readonly (RegoValue | undefined)[]): RegoArray {
  return values.filter((value) => value !== undefined);
}
