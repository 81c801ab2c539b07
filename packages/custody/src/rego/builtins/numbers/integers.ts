import { findInteger, numberOfInteger, numberText } from "../../values/index.ts";
import type { AnyNumber } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";

/** The size of the largest integer that is computed, in digits and in bits: it takes milliseconds to print. */
const digitLimit = 300_000;
export const bitLimit = 1_000_000;

/** Applies an operation to two numbers that are integers by value, exactly; undefined when one is not. */
export function findExact(
  a: AnyNumber,
  b: AnyNumber,
  operation: (a: bigint, b: bigint) => bigint,
): AnyNumber | undefined {
  const left = findInteger(a);
  if (left === undefined) return undefined;
  const right = findInteger(b);
  if (right === undefined) return undefined;
  refuseHuge(numberText(a).length + numberText(b).length);
  return numberOfInteger(operation(left, right));
}

/** @throws BuiltinError for an integer of so many digits. */
export function refuseHuge(digits: number): void {
  if (digits > digitLimit) throw new BuiltinError("integer too large");
}
