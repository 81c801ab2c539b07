import { types } from "../../types.ts";
import { compare, isArray } from "../../values/index.ts";
import type { RegoArray, RegoSet, RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { collectionOperand } from "./operand.ts";

const collection = types.anyOf(types.arrayOf(types.any), types.setOf(types.any));

/** The extremes of an empty collection are undefined. */
export const extremes: readonly Builtin[] = [
  {
    name: "max",
    args: [collection],
    result: types.any,
    evaluate: (_context, members) => maximum(collectionOperand(members)),
  },
  {
    name: "min",
    args: [collection],
    result: types.any,
    evaluate: (_context, members) => minimum(collectionOperand(members)),
  },
  {
    name: "sort",
    args: [collection],
    result: types.arrayOf(types.any),
    evaluate: (_context, members) => sorted(collectionOperand(members)),
  },
];

function maximum(members: RegoArray | RegoSet): RegoValue | undefined {
  if (!isArray(members)) return members.sorted().at(-1);
  let greatest = members[0];
  for (const member of members) if (compare(member, greatest as RegoValue) >= 0) greatest = member;
  return greatest;
}

function minimum(members: RegoArray | RegoSet): RegoValue | undefined {
  if (!isArray(members)) return minimumOfSet(members.sorted());
  let least = members[0];
  for (const member of members) if (compare(member, least as RegoValue) <= 0) least = member;
  return least;
}

/** In a set, null counts only where nothing else is; in an array it is the least. OPA has it so. */
function minimumOfSet(ascending: RegoArray): RegoValue | undefined {
  return ascending[0] === null && ascending.length > 1 ? ascending[1] : ascending[0];
}

function sorted(members: RegoArray | RegoSet): RegoArray {
  return isArray(members) ? members.toSorted(compare) : members.sorted();
}
