import { Boxed } from "./boxed.ts";

/**
 * Rego's numbers: decimal texts of any size, compared by value (OPA keeps the digits that it was given).
 *
 * A JavaScript number `n` stands for the decimal text `String(n)`. Whatever that cannot stand for (`1.0`, `1e3`,
 * integers past 2^53, more digits than a double keeps) is a `RegoNumber`, which holds the text itself.
 */
export class RegoNumber extends Boxed {
  readonly kind = 2;
  /** A JSON number (RFC 8259 §6), as it was written or computed. */
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  /** For JSON.stringify: the nearest double; `writeJson` keeps the text. */
  toJSON(): number {
    return Number(this.text);
  }
}

export type AnyNumber = number | RegoNumber;

/** Exponents beyond this are compared by sign and size alone, so that `1e999999999` costs nothing. */
const exponentLimit = 10_000;

/** The number that a JSON number text stands for, in its cheaper form where that loses nothing. */
export function numberOf(text: string): AnyNumber {
  const double = Number(text);
  return String(double) === text && Number.isFinite(double) ? double : new RegoNumber(text);
}

/** The number of an exact integer. */
export function numberOfInteger(integer: bigint): AnyNumber {
  return numberOf(integer.toString());
}

/** The digits as OPA would print them. */
export function numberText(value: AnyNumber): string {
  return typeof value === "number" ? String(value) : value.text;
}

/** The exact integer that a number is by value (`1e3` and `2.0` are integers), or undefined. */
export function findInteger(value: AnyNumber): bigint | undefined {
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  if (typeof value === "number" && !Number.isInteger(value)) return undefined;
  const { digits, exponent } = decimalOf(numberText(value));
  if (digits === 0n) return 0n;
  if (exponent < 0 || exponent > exponentLimit) return undefined;
  return digits * 10n ** BigInt(exponent);
}

/**
 * The integer that a number is by its text (`2.0` is none) within 64 bits, or undefined: what an index, a count
 * or a width may be.
 */
export function findInt64(value: AnyNumber): bigint | undefined {
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  const text = numberText(value);
  if (!/^-?\d+$/.test(text)) return undefined;
  const integer = BigInt(text);
  return BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

/** Below zero, zero or above zero, by exact value. */
export function compareNumbers(a: AnyNumber, b: AnyNumber): number {
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : 0;
  return compareDecimals(decimalOf(numberText(a)), decimalOf(numberText(b)));
}

/** One primitive for all texts of one value: what numbers are filed under in sets and objects. */
export function numberKey(value: AnyNumber): number | bigint | string {
  if (typeof value === "number" && (Number.isSafeInteger(value) || !Number.isInteger(value))) return value;
  const { digits, exponent } = decimalOf(numberText(value));
  if (digits === 0n) return 0;
  if (exponent >= 0 && exponent <= 308) return integerKey(digits * 10n ** BigInt(exponent));
  const text = `${digits}e${exponent}`;
  const double = Number(text);
  const same =
    Number.isFinite(double) && compareDecimals(decimalOf(String(double)), { digits, exponent }) === 0;
  return same ? double : `${text}n`;
}

function integerKey(integer: bigint): number | bigint {
  const double = Number(integer);
  return Number.isSafeInteger(double) ? double : integer;
}

/** digits × 10^exponent, with no factor of ten left in the digits. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimalOf(text: string): Decimal {
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const significant = (whole + fraction).replace(/^0+(?=\d)/, "");
  const trimmed = significant.replace(/0+$/, "");
  if (trimmed === "") return { digits: 0n, exponent: 0 };
  const exponent = Number(power) - fraction.length + (significant.length - trimmed.length);
  return { digits: BigInt(sign + trimmed), exponent };
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const signs = Math.sign(Number(a.digits)) - Math.sign(Number(b.digits));
  if (signs !== 0 || a.digits === 0n) return signs;
  const sign = a.digits < 0n ? -1 : 1;
  const sizes = magnitude(a) - magnitude(b);
  if (sizes !== 0) return sizes > 0 ? sign : -sign;
  const least = Math.min(a.exponent, b.exponent);
  const left = a.digits * 10n ** BigInt(a.exponent - least);
  const right = b.digits * 10n ** BigInt(b.exponent - least);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** How many digits stand before the decimal point. */
function magnitude({ digits, exponent }: Decimal): number {
  return (digits < 0n ? -digits : digits).toString().length + exponent;
}
