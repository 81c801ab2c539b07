import { types } from "../../types.ts";
import { equal, isArray, isObject, isSet, objectEntries, objectGet } from "../../values/index.ts";
import type { AnyObject, RegoArray, RegoSet, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";

const collection = types.anyOf(
  types.arrayOf(types.any),
  types.objectOf(types.any, types.any),
  types.setOf(types.any),
);

/** True when the second is contained in the first: keys in objects, members in sets, a stretch in arrays. */
export const subset: Builtin = {
  name: "object.subset",
  args: [collection, collection],
  result: types.boolean,
  evaluate: (context, whole, part) => {
    if (isArray(whole) && isSet(part)) return isSetInArray(whole, part);
    const contained = findContained(context, whole, part);
    if (contained !== undefined) return contained;
    const message = "both arguments object.subset must be of the same type or array and set";
    throw new BuiltinError(message, "eval_type_error");
  },
};

/** Undefined when the two are not collections of one kind. */
function findContained(context: BuiltinContext, whole: RegoValue, part: RegoValue): boolean | undefined {
  if (isObject(whole) && isObject(part)) return isObjectIn(context, whole, part);
  if (isSet(whole) && isSet(part)) return part.sorted().every((member) => whole.has(member));
  if (isArray(whole) && isArray(part)) return isStretchOf(context, whole, part);
  return undefined;
}

function isObjectIn(context: BuiltinContext, whole: AnyObject, part: AnyObject): boolean {
  return objectEntries(part).every(([key, value]) => {
    const other = objectGet(whole, key);
    if (other === undefined) return false;
    return equal(value, other) || findContained(context, other, value) === true;
  });
}

function isStretchOf(context: BuiltinContext, whole: RegoArray, part: RegoArray): boolean {
  const starts = whole.length - part.length + 1;
  for (let start = 0; start < starts; start++) {
    const mismatch = part.findIndex((item, i) => !equal(item, whole[start + i] as RegoValue));
    context.spend(1 + Math.max(mismatch, 0));
    if (mismatch < 0) return true;
  }
  return false;
}

/** As many items of the array are in the set as the set has members; OPA counts an item twice that is there twice. */
function isSetInArray(whole: RegoArray, part: RegoSet): boolean {
  return whole.length > 0 && whole.filter((item) => part.has(item)).length >= part.size;
}
