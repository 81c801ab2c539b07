import { bitLength, isWhole, readFloat, subtractFloats } from "./big-float.ts";
import type { BigFloat } from "./big-float.ts";

/** Decimal digits without zeros at the end, and where the point stands among them: 0.digits × 10^point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** The shortest text that reads back as the float: whole ones in full, others as Go's `%g` has them. */
export function floatText(float: BigFloat): string {
  const sign = float.negative ? "-" : "";
  if (float.mantissa === 0n) return `${sign}0`;
  const decimal = findDoubleDecimal(float) ?? shortestDecimal(float);
  const power = decimal.point - 1;
  const scientific = !isWhole(float) && (power < -4 || power >= 6);
  return sign + (scientific ? scientificText(decimal) : fixedText(decimal));
}

function scientificText({ digits, point }: Decimal): string {
  const power = point - 1;
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${digits.charAt(0)}${fraction}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function fixedText({ digits, point }: Decimal): string {
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  const whole = digits.slice(0, point).padEnd(point, "0");
  return digits.length > point ? `${whole}.${digits.slice(point)}` : whole;
}

function decimalOf(mantissa: bigint, exponent: number): Decimal {
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const digits = scaled.toString();
  return { digits: digits.replace(/0+$/, ""), point: digits.length + Math.min(exponent, 0) };
}

/**
 * The digits of the nearest double, where they read back as the float: a double's neighbours are farther away, so
 * nothing shorter does.
 */
function findDoubleDecimal(float: BigFloat): Decimal | undefined {
  const double = Number(float.mantissa) * 2 ** float.exponent;
  if (float.precision !== 64 || !(double > 1e-290 && double < 1e290)) return undefined;
  const text = double.toExponential();
  const isSame = subtractFloats(readFloat(text), { ...float, negative: false }).mantissa === 0n;
  const [digits = "", power = "0"] = text.split("e");
  return isSame ? { digits: digits.replace(".", ""), point: Number(power) + 1 } : undefined;
}

/**
 * Takes digits until what is left out no longer matters: every decimal between the bounds half a unit away reads
 * back as this float.
 */
function shortestDecimal(float: BigFloat): Decimal {
  const shift = float.precision + 1 - bitLength(float.mantissa);
  const doubled = shift >= 0 ? float.mantissa << BigInt(shift) : float.mantissa >> BigInt(-shift);
  const exponent = float.exponent - shift;
  const exact = decimalOf(doubled, exponent);
  const lower = decimalOf(doubled - 1n, exponent).digits;
  const upper = decimalOf(doubled + 1n, exponent).digits;
  const inclusive = (doubled & 2n) === 0n;
  for (let i = 0; i < exact.digits.length; i++) {
    const [low, digit, high] = [digitAt(lower, i), digitAt(exact.digits, i), digitAt(upper, i)];
    const down = low !== digit || (inclusive && i + 1 === lower.length);
    const up = digit !== high && (inclusive || digit + 1 < high || i + 1 < upper.length);
    if (down || up) return cut(exact, i + 1, up && (!down || roundsUp(exact.digits, i + 1)));
  }
  return exact;
}

function digitAt(digits: string, index: number): number {
  return index < digits.length ? Number(digits[index]) : 0;
}

function roundsUp(digits: string, length: number): boolean {
  if (length >= digits.length) return false;
  const half = digits[length] === "5" && length + 1 === digits.length;
  return half ? digitAt(digits, length - 1) % 2 === 1 : digitAt(digits, length) >= 5;
}

function cut({ digits, point }: Decimal, length: number, up: boolean): Decimal {
  const kept = BigInt(digits.slice(0, length)) + (up ? 1n : 0n);
  const text = kept.toString();
  return { digits: text.replace(/0+$/, ""), point: point + text.length - length };
}
