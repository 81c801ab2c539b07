import { types } from "../../types.ts";
import type { Builtin } from "../builtin.ts";
import { stringOperand } from "../operands.ts";

type Trimming = (text: string, cut: string) => string;

export const trims: readonly Builtin[] = [
  trimming("trim", (text, cutset) => trimRight(trimLeft(text, cutset), cutset)),
  trimming("trim_left", trimLeft),
  trimming("trim_right", trimRight),
  trimming("trim_prefix", (text, prefix) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimming("trim_suffix", (text, suffix) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  {
    name: "trim_space",
    args: [types.string],
    result: types.string,
    evaluate: (_context, text) => trimRight(trimLeft(stringOperand(text, 1), whiteSpace), whiteSpace),
  },
];

/** Unicode's `White_Space`. */
const whiteSpace =
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

function trimming(name: string, trim: Trimming): Builtin {
  return {
    name,
    args: [types.string, types.string],
    result: types.string,
    evaluate: (_context, text, cut) => trim(stringOperand(text, 1), stringOperand(cut, 2)),
  };
}

function trimLeft(text: string, cutset: string): string {
  const cut = new Set(cutset);
  let start = 0;
  for (const character of text) {
    if (!cut.has(character)) break;
    start += character.length;
  }
  return text.slice(start);
}

function trimRight(text: string, cutset: string): string {
  const cut = new Set(cutset);
  let end = text.length;
  while (end > 0) {
    const width = (text.codePointAt(end - 2) ?? 0) > 0xffff ? 2 : 1;
    if (!cut.has(text.slice(end - width, end))) break;
    end -= width;
  }
  return text.slice(0, end);
}
