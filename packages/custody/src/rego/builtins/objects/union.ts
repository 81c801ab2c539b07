import { types } from "../../types.ts";
import { isObject, ObjectBuilder, objectEntries, objectOf } from "../../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { arrayOperand, objectOperand, wrongMember } from "../operands.ts";

const anyObject = types.objectOf(types.any, types.any);

export const unions: readonly Builtin[] = [
  {
    name: "object.union",
    args: [anyObject, anyObject],
    result: anyObject,
    evaluate: (_context, a, b) => merge([objectOperand(a, 1), objectOperand(b, 2)]),
  },
  {
    name: "object.union_n",
    args: [types.arrayOf(anyObject)],
    result: anyObject,
    evaluate: (_context, objects) => merge(objectsOf(arrayOperand(objects, 1))),
  },
];

function objectsOf(array: RegoArray): readonly AnyObject[] {
  const odd = array.find((item) => !isObject(item));
  if (odd === undefined) return array as readonly AnyObject[];
  throw wrongMember(array, 1, odd, "object");
}

/** All of the objects in one: under a key that several have, the last value counts, or the merger of objects. */
function merge(objects: readonly AnyObject[]): AnyObject {
  const places = new ObjectBuilder();
  const gathered: [key: RegoValue, values: RegoValue[]][] = [];
  for (const [key, value] of objects.flatMap((object) => objectEntries(object))) {
    const place = places.get(key);
    if (typeof place === "number") gathered[place]?.[1].push(value);
    else {
      places.set(key, gathered.length);
      gathered.push([key, [value]]);
    }
  }
  return objectOf(gathered.map(([key, values]) => [key, mergeValues(values)]));
}

/** Of the values under one key: objects merge back to the last value that is none. */
function mergeValues(values: readonly RegoValue[]): RegoValue {
  const last = values.at(-1) ?? null;
  if (!isObject(last) || values.length === 1) return last;
  const objects = values.slice(values.findLastIndex((value) => !isObject(value)) + 1);
  return merge(objects as AnyObject[]);
}
