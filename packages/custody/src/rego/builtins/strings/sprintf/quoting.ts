import { quote } from "../../../values/index.ts";

/** A Go string literal with ASCII only. */
export function quoteAscii(text: string): string {
  return asciiOnly(quote(text));
}

/** A Go rune literal: `'x'`. */
export function quoteRune(character: string): string {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  return `'${quote(character).slice(1, -1)}'`;
}

export function quoteRuneAscii(character: string): string {
  return asciiOnly(quoteRune(character));
}

export function isPrintable(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);
}

/** True where Go would write the string in backquotes as it is. */
export function canBackquote(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000a-\u001f\u007f`\ufeff]/.test(text) && text.isWellFormed();
}

function asciiOnly(quoted: string): string {
  return quoted.replaceAll(/[^\0-\u007f]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
