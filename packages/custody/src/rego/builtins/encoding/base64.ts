import { types } from "../../types.ts";
import { stringBytes, stringOfBytes } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { decodeBase64, encodeBase64 } from "./base64-codec.ts";

const { string, boolean } = types;

/** RFC 4648 §4 and §5. */
export const base64Builtins: readonly Builtin[] = [
  {
    name: "base64.encode",
    args: [string],
    result: string,
    evaluate: (_, text) => encodeBase64(bytesOperand(text), "standard"),
  },
  {
    name: "base64.decode",
    args: [string],
    result: string,
    evaluate: (_, text) => stringOfBytes(decodeBase64(bytesOperand(text), "standard")),
  },
  { name: "base64.is_valid", args: [string], result: boolean, evaluate: (_, text) => isBase64(text) },
  {
    name: "base64url.encode",
    args: [string],
    result: string,
    evaluate: (_, text) => encodeBase64(bytesOperand(text), "url"),
  },
  {
    name: "base64url.encode_no_pad",
    args: [string],
    result: string,
    evaluate: (_, text) => encodeBase64(bytesOperand(text), "url").replaceAll("=", ""),
  },
  {
    name: "base64url.decode",
    args: [string],
    result: string,
    evaluate: (_, text) => stringOfBytes(decodeBase64Url(stringOperand(text, 1))),
  },
];

/**
 * The bytes of base64url, with its padding or without.
 *
 * @throws BuiltinError
 */
export function decodeBase64Url(text: string): Uint8Array {
  const bytes = stringBytes(text);
  if (text.endsWith("=")) return decodeBase64(bytes, "url");
  const over = bytes.length % 4;
  if (over === 1) throw new BuiltinError(`illegal base64url string: ${text}`);
  return decodeBase64(stringBytes(text + "=".repeat((4 - over) % 4)), "url");
}

function bytesOperand(value: RegoValue): Uint8Array {
  return stringBytes(stringOperand(value, 1));
}

function isBase64(value: RegoValue): boolean {
  if (typeof value !== "string") return false;
  try {
    decodeBase64(stringBytes(value), "standard");
    return true;
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
}
