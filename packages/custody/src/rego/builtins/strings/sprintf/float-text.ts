import { fixedDigits, shortestDigits, significantDigits, takeApart } from "./double.ts";
import type { Digits } from "./double.ts";

/** Go's notations for a float; `precision` is undefined where as many digits as needed are wanted. */
export type Notation = "b" | "e" | "f" | "g" | "x";

/** A double as Go's `strconv.FormatFloat` writes it, in lower case and without a sign. */
export function floatNotation(double: number, notation: Notation, precision: number | undefined): string {
  switch (notation) {
    case "b":
      return binary(double);
    case "e":
      return scientific(digitsFor(double, precision === undefined ? undefined : precision + 1), precision);
    case "f":
      return fixed(
        precision === undefined ? shortestDigits(double) : fixedDigits(double, precision),
        precision,
      );
    case "g":
      return general(double, precision);
    default:
      return hexadecimal(double, precision);
  }
}

function digitsFor(double: number, count: number | undefined): Digits {
  return count === undefined ? shortestDigits(double) : significantDigits(double, count);
}

function scientific({ digits, point }: Digits, precision: number | undefined): string {
  const fraction = digits.slice(1).padEnd(precision ?? 0, "0");
  const power = digits === "" ? 0 : point - 1;
  return `${digits.charAt(0) || "0"}${fraction && `.${fraction}`}e${powerText(power)}`;
}

function powerText(power: number): string {
  return `${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function fixed({ digits, point }: Digits, precision: number | undefined): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const behind = point > 0 ? digits.slice(point) : digits && "0".repeat(-point) + digits;
  const fraction = behind.padEnd(precision ?? 0, "0");
  return `${whole || "0"}${fraction && `.${fraction}`}`;
}

/** Scientific from 10^-5 down, and from the precision up; the shortest form turns at 10^6. */
function general(double: number, precision: number | undefined): string {
  const count = precision === undefined ? undefined : Math.max(precision, 1);
  const shown = digitsFor(double, count);
  const length = shown.digits.length;
  const turn = count === undefined ? 6 : count > length && length >= shown.point ? length : count;
  const power = shown.point - 1;
  return power < -4 || power >= turn ? scientific(shown, undefined) : fixed(shown, undefined);
}

function binary(double: number): string {
  const { mantissa, exponent } = takeApart(double);
  return `${mantissa}p${exponent < 0 ? "" : "+"}${exponent}`;
}

/** One digit before the point, the others in hexadecimal, and a power of two. */
function hexadecimal(double: number, precision: number | undefined): string {
  const { mantissa, exponent } = takeApart(double);
  if (mantissa === 0n) return `0x0${precision ? `.${"0".repeat(precision)}` : ""}p+00`;
  const shift = 60 - (mantissa.toString(2).length - 1);
  const rounded = roundHex(mantissa << BigInt(shift), precision);
  const carry = rounded >> 61n === 1n ? 1 : 0;
  const hex = (rounded >> BigInt(carry)).toString(16).slice(1);
  const fraction =
    precision === undefined ? hex.replace(/0+$/, "") : hex.slice(0, precision).padEnd(precision, "0");
  return `0x1${fraction && `.${fraction}`}p${powerText(exponent - shift + 60 + carry)}`;
}

/** Rounds the 15 hexadecimal digits behind the point to fewer, ties to even. */
function roundHex(mantissa: bigint, precision: number | undefined): bigint {
  if (precision === undefined || precision >= 15) return mantissa;
  const unit = 1n << BigInt(60 - 4 * precision);
  const left = mantissa % unit;
  const floor = mantissa - left;
  const up = left * 2n > unit || (left * 2n === unit && (floor / unit) % 2n === 1n);
  return up ? floor + unit : floor;
}
