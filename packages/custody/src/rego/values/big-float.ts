import { RegoFault } from "../faults.ts";

/**
 * A binary fraction, sign × mantissa × 2^exponent, of which `precision` bits count: Go's `big.Float`, which OPA
 * computes fractions with. Every operation rounds to the nearest, ties to even. Zero has a sign.
 */
export interface BigFloat {
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly precision: number;
}

/** The bits of a number that was read from its text. */
const readPrecision = 64;

/** Powers of two beyond this (past 10^10000) are refused: their digits would take longer than an evaluation. */
const exponentLimit = 33_300;

/**
 * Reads a JSON number's text, to 64 bits.
 *
 * @throws RegoFault `rego/limit` past 10^±10000.
 */
export function readFloat(text: string): BigFloat {
  const [, sign, whole = "", fraction = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const exact = unrounded(sign === "-", BigInt(whole + fraction), readPrecision);
  const tens = Number(power) - fraction.length;
  return bounded(exact.mantissa === 0n ? exact : timesPowerOfTen(exact, tens));
}

/** The float of an exact integer, in as many bits as it needs, 64 at least. */
export function floatOfInteger(integer: bigint): BigFloat {
  const mantissa = integer < 0n ? -integer : integer;
  const precision = Math.max(bitLength(mantissa), readPrecision);
  return { negative: integer < 0n, mantissa, exponent: 0, precision };
}

export function addFloats(a: BigFloat, b: BigFloat): BigFloat {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = signedMantissa(a, exponent) + signedMantissa(b, exponent);
  const negative = sum < 0n || (sum === 0n && a.negative && b.negative);
  const mantissa = sum < 0n ? -sum : sum;
  return round({ negative, mantissa, exponent, precision: Math.max(a.precision, b.precision) });
}

export function subtractFloats(a: BigFloat, b: BigFloat): BigFloat {
  return addFloats(a, negateFloat(b));
}

export function multiplyFloats(a: BigFloat, b: BigFloat): BigFloat {
  return bounded(multiply(a, b, Math.max(a.precision, b.precision)));
}

/** The quotient; the divisor is not zero. */
export function divideFloats(a: BigFloat, b: BigFloat): BigFloat {
  return bounded(divide(a, b, Math.max(a.precision, b.precision)));
}

function negateFloat(float: BigFloat): BigFloat {
  return { ...float, negative: !float.negative };
}

/** The integer towards zero. */
export function truncateFloat({ negative, mantissa, exponent }: BigFloat): bigint {
  const whole = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa >> BigInt(-exponent);
  return negative ? -whole : whole;
}

export function isWhole({ mantissa, exponent }: BigFloat): boolean {
  return exponent >= 0 || (mantissa & ((1n << BigInt(-exponent)) - 1n)) === 0n;
}

/** How many bits a number that is not negative takes. */
export function bitLength(integer: bigint): number {
  const guess = Math.floor(Math.log2(Number(integer))) + 1;
  if (guess > 1023 || guess < 1) return integer === 0n ? 0 : longBitLength(integer);
  // The logarithm is rounded: next to a power of two it may be one off.
  if (integer >> BigInt(guess) !== 0n) return guess + 1;
  return integer >> BigInt(guess - 1) === 0n ? guess - 1 : guess;
}

function longBitLength(integer: bigint): number {
  const hex = integer.toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex.charAt(0), 16)) + 28;
}

function signedMantissa({ negative, mantissa, exponent }: BigFloat, target: number): bigint {
  const aligned = mantissa << BigInt(exponent - target);
  return negative ? -aligned : aligned;
}

function multiply(a: BigFloat, b: BigFloat, precision: number): BigFloat {
  return round({
    negative: a.negative !== b.negative,
    mantissa: a.mantissa * b.mantissa,
    exponent: a.exponent + b.exponent,
    precision,
  });
}

/** Divides with two bits to spare and one that says whether something is left over, so that rounding is right. */
function divide(a: BigFloat, b: BigFloat, precision: number): BigFloat {
  const shift = Math.max(0, precision + 2 + bitLength(b.mantissa) - bitLength(a.mantissa));
  const dividend = a.mantissa << BigInt(shift);
  const quotient = dividend / b.mantissa;
  const left = quotient * b.mantissa === dividend ? 0n : 1n;
  return round({
    negative: a.negative !== b.negative,
    mantissa: (quotient << 1n) | left,
    exponent: a.exponent - b.exponent - shift - 1,
    precision,
  });
}

/** With the powers of five in twice the bits, as Go has them: past 5^55 they are rounded too. */
function timesPowerOfTen(float: BigFloat, power: number): BigFloat {
  const fives = powerOfFive(Math.abs(power), 2 * readPrecision);
  const scaled = power < 0 ? divide(float, fives, readPrecision) : multiply(float, fives, readPrecision);
  return { ...scaled, exponent: scaled.exponent + power };
}

/** The powers of five that twice the bits hold exactly. */
const exactPowers = Array.from({ length: 56 }, (_, power) => unrounded(false, 5n ** BigInt(power), 128));

function powerOfFive(power: number, precision: number): BigFloat {
  const known = exactPowers[power];
  if (known) return known;
  const exactly = Math.min(power, 27);
  let result: BigFloat = unrounded(false, 5n ** BigInt(exactly), precision);
  let factor: BigFloat = unrounded(false, 5n, precision + 64);
  for (let left = power - exactly; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, factor, precision);
    factor = multiply(factor, factor, precision + 64);
  }
  return result;
}

function unrounded(negative: boolean, mantissa: bigint, precision: number): BigFloat {
  return { negative, mantissa, exponent: 0, precision };
}

function round(float: BigFloat): BigFloat {
  const excess = bitLength(float.mantissa) - float.precision;
  if (excess <= 0) return float;
  const shift = BigInt(excess);
  const kept = float.mantissa >> shift;
  const dropped = float.mantissa - (kept << shift);
  const half = 1n << (shift - 1n);
  const up = dropped > half || (dropped === half && (kept & 1n) === 1n);
  return { ...float, mantissa: up ? kept + 1n : kept, exponent: float.exponent + excess };
}

function bounded(float: BigFloat): BigFloat {
  if (float.mantissa === 0n) return { ...float, exponent: 0 };
  if (Math.abs(float.exponent) > exponentLimit) throw new RegoFault("rego/limit", "a number past 10^±10000");
  return float;
}
