import { types } from "../../types.ts";
import { numberText, readFloat, truncateFloat } from "../../values/index.ts";
import type { AnyNumber } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { numberOperand, wrongOperand } from "../operands.ts";

const bases: Readonly<Record<string, number>> = { "2": 2, "8": 8, "10": 10, "16": 16 };

/** The integer, or the integer part of a fraction, in one of four bases. */
export const formatInt: Builtin = {
  name: "format_int",
  args: [types.number, types.number],
  result: types.string,
  evaluate: (_context, value, base) => {
    const number = numberOperand(value, 1);
    return wholePart(number).toString(baseOf(numberOperand(base, 2)));
  },
};

function baseOf(number: AnyNumber): number {
  const base = bases[numberText(number)];
  if (base === undefined) throw wrongOperand(2, "must be one of {2, 8, 10, 16}");
  return base;
}

function wholePart(number: AnyNumber): bigint {
  const text = numberText(number);
  return /^-?\d+$/.test(text) ? BigInt(text) : truncateFloat(readFloat(text));
}
