import { types } from "../../types.ts";
import { bitLength, numberOfInteger } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { bigIntOperand, wrongOperand } from "../operands.ts";
import { bitLimit } from "./integers.ts";

type Operator = (a: bigint, b: bigint) => bigint;

/** Bit by bit, on integers of any size; negative ones are in two's complement. */
export const bits: readonly Builtin[] = [
  operator("bits.and", (a, b) => a & b),
  operator("bits.or", (a, b) => a | b),
  operator("bits.xor", (a, b) => a ^ b),
  operator("bits.lsh", shiftLeft),
  operator("bits.rsh", shiftRight),
  {
    name: "bits.negate",
    args: [types.number],
    result: types.number,
    evaluate: (_context, a) => numberOfInteger(~bigIntOperand(a, 1)),
  },
];

function operator(name: string, apply: Operator): Builtin {
  return {
    name,
    args: [types.number, types.number],
    result: types.number,
    evaluate: (_context, a, b) => numberOfInteger(apply(bigIntOperand(a, 1), bigIntOperand(b, 2))),
  };
}

function shiftLeft(a: bigint, b: bigint): bigint {
  const count = shiftCount(b);
  const length = BigInt(bitLength(a < 0n ? -a : a));
  if (count + length > BigInt(bitLimit)) throw new BuiltinError("integer too large");
  return a << count;
}

function shiftRight(a: bigint, b: bigint): bigint {
  const count = shiftCount(b);
  if (count > BigInt(bitLimit)) return a < 0n ? -1n : 0n;
  return a >> count;
}

/** Of a count past 64 bits, the lowest 64 count. */
function shiftCount(b: bigint): bigint {
  if (b >= 0n) return BigInt.asUintN(64, b);
  throw wrongOperand(2, "must be an unsigned integer number but got a negative integer");
}
