import { types } from "../../types.ts";
import { isArray, isSet } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { intOperand, stringOperand, stringsOperand, wrongType } from "../operands.ts";
import { sliceCharacters } from "./characters.ts";
import { refuseLong } from "./text-builder.ts";

/** Strings put together and taken apart. */
export const parts: readonly Builtin[] = [
  {
    name: "concat",
    args: [types.string, types.anyOf(types.arrayOf(types.string), types.setOf(types.string))],
    result: types.string,
    evaluate: (_context, delimiter, texts) => join(stringOperand(delimiter, 1), joined(texts)),
  },
  {
    name: "split",
    args: [types.string, types.string],
    result: types.arrayOf(types.string),
    evaluate: (_context, text, delimiter) => split(stringOperand(text, 1), stringOperand(delimiter, 2)),
  },
  {
    name: "strings.split_n",
    args: [types.string, types.string, types.number],
    result: types.arrayOf(types.string),
    evaluate: (_context, text, delimiter, n) => {
      const pieces = split(stringOperand(text, 1), stringOperand(delimiter, 2));
      const count = intOperand(n, 3);
      return count >= 0 ? pieces.slice(0, count) : pieces.slice(count);
    },
  },
  {
    name: "substring",
    args: [types.string, types.number, types.number],
    result: types.string,
    evaluate: (_context, text, offset, length) => {
      const [whole, start, count] = [stringOperand(text, 1), intOperand(offset, 2), intOperand(length, 3)];
      if (start < 0) throw new BuiltinError("negative offset");
      return sliceCharacters(whole, start, count < 0 ? Infinity : start + count);
    },
  },
  {
    name: "strings.reverse",
    args: [types.string],
    result: types.string,
    evaluate: (_context, text) => Array.from(stringOperand(text, 1)).reverse().join(""),
  },
];

function joined(texts: RegoValue): readonly string[] {
  if (isArray(texts) || isSet(texts)) return stringsOperand(texts, 2);
  throw wrongType(texts, 2, "set", "array");
}

function join(delimiter: string, texts: readonly string[]): string {
  refuseLong(texts.reduce((sum, text) => sum + text.length + delimiter.length, 0));
  return texts.join(delimiter);
}

/** Into characters where the delimiter is empty. */
function split(text: string, delimiter: string): string[] {
  return delimiter === "" ? Array.from(text) : text.split(delimiter);
}
