import { types } from "../../types.ts";
import { numberOfInteger } from "../../values/index.ts";
import type { AnyNumber, RegoArray } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { bigIntOperand } from "../operands.ts";

/** A longer range is refused rather than made. */
const lengthLimit = 10_000_000n;

export const ranges: readonly Builtin[] = [
  {
    name: "numbers.range",
    args: [types.number, types.number],
    result: types.arrayOf(types.number),
    evaluate: (context, from, to) => range(context, [bigIntOperand(from, 1), bigIntOperand(to, 2), 1n]),
  },
  {
    name: "numbers.range_step",
    args: [types.number, types.number, types.number],
    result: types.arrayOf(types.number),
    evaluate: (context, from, to, step) =>
      range(context, [bigIntOperand(from, 1), bigIntOperand(to, 2), positive(bigIntOperand(step, 3))]),
  },
];

function positive(step: bigint): bigint {
  if (step > 0n) return step;
  throw new BuiltinError("numbers.range_step: step must be a positive integer");
}

/** From the first to the last, both included, upwards or downwards. */
function range(context: BuiltinContext, [from, to, step]: readonly [bigint, bigint, bigint]): RegoArray {
  const distance = to >= from ? to - from : from - to;
  const length = distance / step + 1n;
  if (length > lengthLimit) throw new BuiltinError(`a range of ${length} numbers is too long`);
  context.spend(Number(length));
  const signed = to >= from ? step : -step;
  const last = from + signed * (length - 1n);
  return isSafe(from) && isSafe(last) ? safeRange(from, signed, length) : exactRange(from, signed, length);
}

function isSafe(integer: bigint): boolean {
  return Number.isSafeInteger(Number(integer));
}

function safeRange(from: bigint, step: bigint, length: bigint): number[] {
  const [first, by] = [Number(from), Number(step)];
  return Array.from({ length: Number(length) }, (_, i) => (i === 0 ? first : first + i * by));
}

function exactRange(from: bigint, step: bigint, length: bigint): AnyNumber[] {
  return Array.from({ length: Number(length) }, (_, i) => numberOfInteger(from + BigInt(i) * step));
}
