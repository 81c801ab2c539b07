import { types } from "../../types.ts";
import { isArray } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { arrayOperand, intOperand } from "../operands.ts";

const anyArray = types.arrayOf(types.any);

export const arrayBuiltins: readonly Builtin[] = [
  {
    name: "array.concat",
    args: [anyArray, anyArray],
    result: anyArray,
    evaluate: (_context, a, b) => [...arrayOperand(a, 1), ...arrayOperand(b, 2)],
  },
  {
    name: "array.flatten",
    args: [anyArray],
    result: anyArray,
    evaluate: (_context, array) =>
      arrayOperand(array, 1).flatMap((item) => (isArray(item) ? [...item] : [item])),
  },
  {
    name: "array.reverse",
    args: [anyArray],
    result: anyArray,
    evaluate: (_context, array) => arrayOperand(array, 1).toReversed(),
  },
  {
    name: "array.slice",
    args: [anyArray, types.number, types.number],
    result: anyArray,
    evaluate: (_context, array, start, stop) => {
      const items = arrayOperand(array, 1);
      const [from, to] = [intOperand(start, 2), intOperand(stop, 3)];
      return items.slice(Math.max(from, 0), Math.max(to, 0));
    },
  },
];
