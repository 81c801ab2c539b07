/** An exact quotient; the denominator is above zero. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function divide(numerator: bigint, denominator: bigint): Ratio {
  return { numerator, denominator };
}

export function multiply(a: Ratio, b: Ratio): Ratio {
  return divide(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** The integer part. */
export function truncate({ numerator, denominator }: Ratio): bigint {
  return numerator / denominator;
}

/** In decimal: an integer as one, anything else with ten places, halves away from zero. */
export function decimalText(ratio: Ratio): string {
  const { numerator, denominator } = ratio;
  if (numerator % denominator === 0n) return truncate(ratio).toString();
  const sign = numerator < 0n ? "-" : "";
  const scaled = (magnitude(numerator) * 10n ** 10n * 2n + denominator) / (denominator * 2n);
  const digits = scaled.toString().padStart(11, "0");
  return `${sign}${digits.slice(0, -10)}.${digits.slice(-10)}`;
}

/** The nearest value with a mantissa of 64 bits, ties to even: what Go's big.Float keeps of a text. */
export function roundToMantissa({ numerator, denominator }: Ratio): Ratio {
  const sign = numerator < 0n ? -1n : 1n;
  const size = magnitude(numerator);
  if (size === 0n) return divide(0n, 1n);
  const shift = bitLength(size) - bitLength(denominator) - 64;
  const rounded = roundShifted(size, denominator, shift);
  // The first guess may keep a bit too many.
  const kept = bitLength(rounded) > 64 ? roundShifted(size, denominator, shift + 1) : rounded;
  const power = kept === rounded ? shift : shift + 1;
  return power < 0 ? divide(sign * kept, 1n << BigInt(-power)) : divide((sign * kept) << BigInt(power), 1n);
}

/** numerator / denominator / 2^shift as the nearest integer. */
function roundShifted(numerator: bigint, denominator: bigint, shift: number): bigint {
  const above = shift < 0 ? numerator << BigInt(-shift) : numerator;
  const below = shift > 0 ? denominator << BigInt(shift) : denominator;
  const quotient = above / below;
  const twice = (above % below) * 2n;
  const up = twice > below || (twice === below && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

function magnitude(integer: bigint): bigint {
  return integer < 0n ? -integer : integer;
}

function bitLength(integer: bigint): number {
  const text = integer.toString(16);
  return (text.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(text.charAt(0), 16)));
}
