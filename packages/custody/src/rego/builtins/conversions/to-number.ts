import { types } from "../../types.ts";
import { floatOfInteger, floatText, isNumber, numberOf, quote } from "../../values/index.ts";
import type { AnyNumber, RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { wrongOperand, wrongType } from "../operands.ts";

export const toNumber: Builtin = {
  name: "to_number",
  args: [types.anyOf(types.null, types.boolean, types.number, types.string)],
  result: types.number,
  evaluate: (_context, value) => convert(value),
};

function convert(value: RegoValue): AnyNumber {
  if (isNumber(value)) return value;
  if (value === null || typeof value === "boolean") return Number(value);
  if (typeof value === "string") return parse(value);
  throw wrongType(value, 1, "null", "boolean", "number", "string");
}

/**
 * The texts that Go's `strconv.ParseFloat` takes, as the JSON number of the same value: `+5` is 5, `.5` is 0.5,
 * `0x1p4` is 16.
 */
function parse(text: string): AnyNumber {
  if (/^[+-]*(inf|infinity|nan)$/i.test(text)) {
    throw wrongOperand(1, "must be valid number string but got string");
  }
  const plain = findPlain(text);
  if (plain === undefined) throw refused(text, "invalid syntax");
  const number = /x/i.test(plain) ? readHex(plain) : readDecimal(plain);
  if (!Number.isFinite(Number(number))) throw refused(text, "value out of range");
  return numberOf(number);
}

/** Without the underscores that may stand between digits. */
function findPlain(text: string): string | undefined {
  const number = /^[+-]?(?:\d|\.\d|0x_?[\da-f.])[\d_a-fx.p+-]*$/i;
  if (!number.test(text) || /(?<![\dxa-f])_|_(?![\da-f])/i.test(text)) return undefined;
  const plain = text.replaceAll("_", "");
  const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
  const hexadecimal = /^[+-]?0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)p[+-]?\d+$/i;
  return decimal.test(plain) || hexadecimal.test(plain) ? plain : undefined;
}

function readDecimal(plain: string): string {
  const [, sign = "", whole = "", fraction = "", power = ""] =
    /^[+]?(-?)0*(\d*)\.?(\d*)(e[+-]?\d+)?$/i.exec(plain) ?? [];
  return `${sign}${whole || "0"}${fraction && `.${fraction}`}${power}`;
}

function readHex(plain: string): string {
  const [, sign, whole = "", fraction = "", power = "0"] =
    /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i.exec(plain) ?? [];
  const mantissa = BigInt(`0x0${whole}${fraction}`);
  const exponent = Number(power) - 4 * fraction.length;
  if (Math.abs(exponent) > 2000) return mantissa === 0n || exponent < 0 ? "0" : "1e999";
  const float = floatOfInteger(mantissa);
  return floatText({ ...float, negative: sign === "-", exponent: float.exponent + exponent });
}

function refused(text: string, why: string): BuiltinError {
  return new BuiltinError(`strconv.ParseFloat: parsing ${quote(text)}: ${why}`);
}
