import { numberOf, numberOfInteger } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";

const words: ReadonlyMap<string, boolean | null> = new Map([
  ...spelled("y yes true on", true),
  ...spelled("n no false off", false),
  ...spelled("null", null),
  ["~", null],
  ["", null],
]);

/** Each word in small letters, capitalised, and in capitals. */
function spelled(list: string, value: boolean | null): (readonly [string, boolean | null])[] {
  return list
    .split(" ")
    .flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()])
    .map((word) => [word, value] as const);
}

const styleFloat = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** A float that JSON cannot write. */
export class UnsupportedFloat extends Error {}

/**
 * What a plain scalar stands for in YAML 1.1 as go-yaml reads it: integers of 64 bits in four bases, floats as doubles,
 * `yes` and `no`; dates and times of day stay texts.
 *
 * @throws UnsupportedFloat for infinities.
 */
export function resolveScalar(text: string): RegoValue {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (/^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/.test(text)) throw new UnsupportedFloat(text);
  if (!/^[-+.\d]/.test(text)) return text;
  const plain = text.startsWith(".") ? text : text.replaceAll("_", "");
  const integer = findInteger(plain);
  if (integer !== undefined) return numberOfInteger(integer);
  if (!styleFloat.test(plain)) return text;
  const double = Number(plain);
  if (!Number.isFinite(double)) return text;
  return numberOf(jsonDouble(double));
}

/** As Go's JSON writes a double. */
function jsonDouble(double: number): string {
  const size = Math.abs(double);
  if (Object.is(double, -0)) return "-0";
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) return String(double);
  return /e/.test(String(double)) ? double.toFixed(20).replace(/0+$/, "") : String(double);
}

const bases = [
  { pattern: /^([-+]?)0[bB]([01]+)$/, prefix: "0b" },
  { pattern: /^([-+]?)0[xX]([\dA-Fa-f]+)$/, prefix: "0x" },
  { pattern: /^([-+]?)0[oO]?([0-7]+)$/, prefix: "0o" },
  { pattern: /^([-+]?)(0|[1-9]\d*)$/, prefix: "" },
];

function findInteger(text: string): bigint | undefined {
  if (text.length > 80) return undefined;
  for (const { pattern, prefix } of bases) {
    const [, sign, digits] = pattern.exec(text) ?? [];
    if (digits === undefined) continue;
    const value = BigInt(prefix + digits) * (sign === "-" ? -1n : 1n);
    const least = -(1n << 63n);
    // Above 63 bits a sign is not read.
    const most = sign === "" ? 1n << 64n : 1n << 63n;
    return value >= least && value < most ? value : undefined;
  }
  return undefined;
}
