import { BuiltinError } from "../builtin.ts";
import { divide } from "./ratio.ts";
import type { Ratio } from "./ratio.ts";

/** A quantity's two halves: `10.5` and `Mi`. Either may be empty. */
export interface Amount {
  readonly number: string;
  readonly unit: string;
}

const exponentDigitsLimit = 6;

/** Ten to the power of more than this is not read. */
const powerLimit = 1_000_000;

/**
 * @param name the builtin: its errors begin with it.
 * @throws BuiltinError
 */
export function parseAmount(name: string, quantity: string): Amount {
  if (quantity.includes(" ")) throw fault(name, "spaces not allowed in resource strings");
  const number = /^(?:[\d.+-]|[eE](?=[\d+-])[+-]?)*/.exec(quantity)?.[0] ?? "";
  const exponents = number.matchAll(/[eE][+-]?(\d*)/g);
  for (const [, digits = ""] of exponents) {
    if (digits.length > exponentDigitsLimit) throw fault(name, "exponent too large");
  }
  return { number, unit: quantity.slice(number.length) };
}

/** The exact value of a decimal number, or undefined if it is none. */
export function findDecimal(text: string): Ratio | undefined {
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole + fraction === "") return undefined;
  const exponent = Number(power) - fraction.length;
  if (Math.abs(exponent) > powerLimit) return undefined;
  const digits = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const scale = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? divide(digits, scale) : divide(digits * scale, 1n);
}

export function fault(name: string, message: string): BuiltinError {
  return new BuiltinError(`${name}: ${message}`);
}
