import { types } from "../../types.ts";
import {
  addFloats,
  divideFloats,
  findInteger,
  isNumber,
  isSet,
  multiplyFloats,
  numberOfInteger,
  subtractFloats,
} from "../../values/index.ts";
import type { AnyNumber, RegoSet, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { numberOperand, wrongType } from "../operands.ts";
import { difference } from "../sets/difference.ts";
import { floatOf, numberOfFloat } from "./floats.ts";
import { findExact } from "./integers.ts";

type Operator = (a: AnyNumber, b: AnyNumber) => AnyNumber;

/** Integers are exact whatever their size; with a fraction on either side, 64 bits count. */
export const arithmetic: readonly Builtin[] = [
  operator("plus", "+", add),
  operator("mul", "*", multiply),
  operator("div", "/", divide),
  operator("rem", "%", remainder),
  {
    name: "minus",
    infix: "-",
    args: [
      types.anyOf(types.number, types.setOf(types.any)),
      types.anyOf(types.number, types.setOf(types.any)),
    ],
    result: types.anyOf(types.number, types.setOf(types.any)),
    evaluate: (_context, a, b) => minus(a, b),
  },
];

function operator(name: string, infix: string, apply: Operator): Builtin {
  return {
    name,
    infix,
    args: [types.number, types.number],
    result: types.number,
    evaluate: (_context, a, b) => apply(numberOperand(a, 1), numberOperand(b, 2)),
  };
}

export function add(a: AnyNumber, b: AnyNumber): AnyNumber {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const sum = (a as number) + (b as number);
    if (Number.isSafeInteger(sum)) return sum;
  }
  return findExact(a, b, (x, y) => x + y) ?? numberOfFloat(addFloats(floatOf(a), floatOf(b)));
}

export function multiply(a: AnyNumber, b: AnyNumber): AnyNumber {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const product = (a as number) * (b as number);
    // Adding zero takes the sign off a zero.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return findExact(a, b, (x, y) => x * y) ?? numberOfFloat(multiplyFloats(floatOf(a), floatOf(b)));
}

function subtract(a: AnyNumber, b: AnyNumber): AnyNumber {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const difference = (a as number) - (b as number);
    if (Number.isSafeInteger(difference)) return difference;
  }
  return findExact(a, b, (x, y) => x - y) ?? numberOfFloat(subtractFloats(floatOf(a), floatOf(b)));
}

function divide(a: AnyNumber, b: AnyNumber): AnyNumber {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && a !== 0 && b !== 0) {
    const quotient = (a as number) / (b as number);
    if (Number.isSafeInteger(quotient)) return quotient;
  }
  const divisor = floatOf(b);
  if (divisor.mantissa === 0n) throw new BuiltinError("divide by zero");
  return numberOfFloat(divideFloats(floatOf(a), divisor));
}

function remainder(a: AnyNumber, b: AnyNumber): AnyNumber {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && b !== 0) {
    return ((a as number) % (b as number)) + 0;
  }
  const [dividend, divisor] = [findInteger(a), findInteger(b)];
  if (dividend === undefined || divisor === undefined) {
    throw new BuiltinError("modulo on floating-point number");
  }
  // OPA looks at the lowest 64 bits alone.
  if (BigInt.asUintN(64, divisor) === 0n) throw new BuiltinError("modulo by zero");
  return numberOfInteger(dividend % divisor);
}

function minus(a: RegoValue, b: RegoValue): AnyNumber | RegoSet {
  if (isNumber(a) && isNumber(b)) return subtract(a, b);
  if (isSet(a) && isSet(b)) return difference(a, b);
  if (!isNumber(a) && !isSet(a)) throw wrongType(a, 1, "number", "set");
  throw wrongType(b, 2, isNumber(b) ? "set" : "number");
}
