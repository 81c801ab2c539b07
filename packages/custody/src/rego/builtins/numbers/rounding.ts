import { types } from "../../types.ts";
import type { BigFloat } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { numberOperand } from "../operands.ts";
import { ceilFloat, floatOf, floorFloat, numberOfFloat, roundFloat } from "./floats.ts";

export const rounding: readonly Builtin[] = [
  rounded("ceil", (integer) => integer, ceilFloat),
  rounded("floor", (integer) => integer, floorFloat),
  rounded("round", (integer) => integer, roundFloat),
  rounded("abs", Math.abs, (float) => ({ ...float, negative: false })),
];

function rounded(
  name: string,
  ofInteger: (integer: number) => number,
  ofFloat: (float: BigFloat) => BigFloat,
): Builtin {
  return {
    name,
    args: [types.number],
    result: types.number,
    evaluate: (_context, x) => {
      const number = numberOperand(x, 1);
      return Number.isSafeInteger(number)
        ? ofInteger(number as number)
        : numberOfFloat(ofFloat(floatOf(number)));
    },
  };
}
