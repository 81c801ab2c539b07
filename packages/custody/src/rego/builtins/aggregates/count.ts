import { types } from "../../types.ts";
import { isArray, isObject, isSet, objectSize } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { wrongType } from "../operands.ts";
import { countCharacters } from "../strings/characters.ts";

export const count: Builtin = {
  name: "count",
  args: [
    types.anyOf(
      types.string,
      types.arrayOf(types.any),
      types.objectOf(types.any, types.any),
      types.setOf(types.any),
    ),
  ],
  result: types.number,
  evaluate: (_context, collection) => size(collection),
};

function size(collection: RegoValue): number {
  if (isArray(collection)) return collection.length;
  if (typeof collection === "string") return countCharacters(collection);
  if (isSet(collection)) return collection.size;
  if (isObject(collection)) return objectSize(collection);
  throw wrongType(collection, 1, "array", "object", "set", "string");
}
