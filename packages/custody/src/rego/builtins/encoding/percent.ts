import { quote, stringBytes, stringOfBytes } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";

/** A value of a query string as Go's `url.QueryEscape` writes it: letters, digits and `-_.~` stay, a space is `+`. */
export function escapeQuery(text: string): string {
  return Array.from(stringBytes(text), escapeByte).join("");
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9_.~-]/.test(character)) return character;
  return character === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/**
 * What such a value stands for.
 *
 * @throws BuiltinError for a `%` that two hexadecimal digits do not follow.
 */
export function unescapeQuery(text: string): string {
  return unescapePercent(text.replaceAll("+", " "), text);
}

/**
 * The text with its `%XX` replaced by the bytes they stand for.
 *
 * @param shown the text as it is quoted in the error, of the same length.
 * @throws BuiltinError
 */
export function unescapePercent(text: string, shown: string = text): string {
  const bad = /%(?![0-9A-Fa-f]{2})/.exec(text);
  if (bad) throw new BuiltinError(`invalid URL escape ${quote(escapeAt(shown, bad.index))}`);
  if (!text.includes("%")) return text;
  const bytes: number[] = [];
  for (const part of text.split(/(%..)/)) {
    if (part.startsWith("%")) bytes.push(Number.parseInt(part.slice(1), 16));
    else bytes.push(...stringBytes(part));
  }
  return stringOfBytes(Uint8Array.from(bytes));
}

/** Three bytes, which may cut a character. */
function escapeAt(text: string, index: number): string {
  return stringOfBytes(stringBytes(text.slice(index, index + 3)).subarray(0, 3));
}
