import { toHex } from "custody/ground";

import { types } from "../../types.ts";
import { stringBytes, stringOfBytes } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { stringOperand } from "../operands.ts";

const { string } = types;

export const hexBuiltins: readonly Builtin[] = [
  {
    name: "hex.encode",
    args: [string],
    result: string,
    evaluate: (_, text) => toHex(stringBytes(stringOperand(text, 1))),
  },
  {
    name: "hex.decode",
    args: [string],
    result: string,
    evaluate: (_, text) => stringOfBytes(decodeHex(stringBytes(stringOperand(text, 1)))),
  },
];

function decodeHex(text: Uint8Array): Uint8Array {
  const digits = Array.from(text, hexDigit);
  if (digits.length % 2 === 1) throw new BuiltinError("encoding/hex: odd length hex string");
  return Uint8Array.from(
    { length: digits.length / 2 },
    (_, i) => (digits[2 * i] as number) * 16 + (digits[2 * i + 1] as number),
  );
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  if (lower >= 0x61 && lower <= 0x66) return lower - 0x61 + 10;
  throw new BuiltinError(`encoding/hex: invalid byte: ${codePointName(byte)}`);
}

/** `U+0067 'g'`; what does not print has no second half. */
function codePointName(code: number): string {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const character = String.fromCodePoint(code);
  return /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character) ? `${name} '${character}'` : name;
}
