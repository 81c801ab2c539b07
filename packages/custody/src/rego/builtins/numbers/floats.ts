import {
  addFloats,
  floatOfInteger,
  floatText,
  numberOf,
  numberText,
  readFloat,
  subtractFloats,
  truncateFloat,
} from "../../values/index.ts";
import type { AnyNumber, BigFloat } from "../../values/index.ts";

const half = readFloat("0.5");
const one = readFloat("1");

export function floatOf(number: AnyNumber): BigFloat {
  return readFloat(numberText(number));
}

export function numberOfFloat(float: BigFloat): AnyNumber {
  return numberOf(floatText(float));
}

/** To the nearest integer, halves away from zero. */
export function roundFloat(float: BigFloat): BigFloat {
  const moved = float.negative ? subtractFloats(float, half) : addFloats(float, half);
  return floatOfInteger(truncateFloat(moved));
}

/** The integer above. What lies between -1 and 0 becomes 1, as in OPA: the zero of its integer part has no sign. */
export function ceilFloat(float: BigFloat): BigFloat {
  const whole = floatOfInteger(truncateFloat(float));
  return whole.negative || isSame(float, whole) ? whole : addFloats(whole, one);
}

/** The integer below. What lies between -1 and 0 becomes 0, as in OPA. */
export function floorFloat(float: BigFloat): BigFloat {
  const whole = floatOfInteger(truncateFloat(float));
  return !whole.negative || isSame(float, whole) ? whole : subtractFloats(whole, one);
}

function isSame(a: BigFloat, b: BigFloat): boolean {
  return subtractFloats(a, b).mantissa === 0n;
}
