import { stringBytes } from "../../../values/index.ts";

const html: Readonly<Record<string, string>> = {
  "\0": "\ufffd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

export function htmlEscape(text: string): string {
  return text.replaceAll(/["'&<>\0]/g, (character) => html[character] ?? "");
}

/** For a string of JavaScript; what could end one, or a script, by its number. */
export function jsEscape(text: string): string {
  return text.replaceAll(/['"\\]|[<>&=]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    if (/['"\\]/.test(character)) return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
  });
}

/** For the query of a URL: a space becomes a plus. */
export function queryEscape(text: string): string {
  return Array.from(stringBytes(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[\w.~-]/.test(character)) return character;
    return character === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
