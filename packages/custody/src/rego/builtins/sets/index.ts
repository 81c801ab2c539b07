import { types } from "../../types.ts";
import { RegoSet } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { setOperand } from "../operands.ts";
import { difference } from "./difference.ts";

const anySet = types.setOf(types.any);

export const setBuiltins: readonly Builtin[] = [
  { ...pairwise("and", intersect), infix: "&" },
  { ...pairwise("or", unite), infix: "|" },
  { ...pairwise("set_diff", difference), deprecated: true },
  ofAll("intersection", (sets) => sets.reduce(intersect)),
  ofAll("union", (sets) => new RegoSet(sets.flatMap((set) => [...set]))),
];

function pairwise(name: string, combine: (a: RegoSet, b: RegoSet) => RegoSet): Builtin {
  return {
    name,
    args: [anySet, anySet],
    result: anySet,
    evaluate: (_context, a, b) => combine(setOperand(a, 1), setOperand(b, 2)),
  };
}

/** Of a set of sets; of none, the empty set. */
function ofAll(name: string, combine: (sets: readonly RegoSet[]) => RegoSet): Builtin {
  return {
    name,
    args: [types.setOf(anySet)],
    result: anySet,
    evaluate: (_context, sets) => {
      const members = setOperand(sets, 1)
        .sorted()
        .map((set) => setOperand(set, 1));
      return members.length === 0 ? new RegoSet() : combine(members);
    },
  };
}

function intersect(a: RegoSet, b: RegoSet): RegoSet {
  const [smaller, larger] = a.size <= b.size ? [a, b] : [b, a];
  const shared = new RegoSet();
  for (const member of smaller) if (larger.has(member)) shared.add(member);
  return shared;
}

function unite(a: RegoSet, b: RegoSet): RegoSet {
  return new RegoSet([...a, ...b]);
}
