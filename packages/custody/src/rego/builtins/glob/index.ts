import { RE2JS } from "re2js";

import { types } from "../../types.ts";
import { isArray } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { stringOperand, wrongMember, wrongType } from "../operands.ts";
import { compile } from "../regex/patterns.ts";
import { globPattern } from "./glob-pattern.ts";
import { readGlob } from "./glob-reader.ts";
import type { Glob } from "./glob-reader.ts";

export const globBuiltins: readonly Builtin[] = [
  {
    name: "glob.match",
    args: [types.string, types.anyOf(types.null, types.arrayOf(types.string)), types.string],
    result: types.boolean,
    evaluate: (context, pattern, delimiters, text) => {
      const glob = stringOperand(pattern, 1);
      const separators = separatorsOperand(delimiters);
      const whole = stringOperand(text, 3);
      context.spend(1 + whole.length / 64);
      if (whole === "" && matchesNothing(readGlob(glob))) return true;
      return compiled(context, glob, separators).testExact(whole);
    },
  },
  {
    name: "glob.quote_meta",
    args: [types.string],
    result: types.string,
    evaluate: (_context, text) => stringOperand(text, 1).replaceAll(/[*?\\[\]{}]/g, "\\$&"),
  },
];

/** OPA's library takes the empty text for one character where the whole glob is `?` or `[!…]`. */
function matchesNothing([piece, ...others]: Glob): boolean {
  if (!piece || others.length > 0) return false;
  return piece.kind === "single" || ((piece.kind === "list" || piece.kind === "range") && piece.not);
}

/** No separators for null, a dot for an empty array. */
function separatorsOperand(value: RegoValue): readonly string[] {
  if (value === null) return [];
  if (!isArray(value)) throw wrongType(value, 2, "array", "null");
  const separators = value.map((separator) => separatorOf(value, separator));
  return separators.length === 0 ? ["."] : separators;
}

function separatorOf(array: RegoValue, separator: RegoValue): string {
  if (typeof separator !== "string") throw wrongMember(array, 2, separator, "string");
  if (Array.from(separator).length !== 1) throw wrongMember(array, 2, separator, "rune");
  return separator;
}

function compiled(context: BuiltinContext, glob: string, separators: readonly string[]): RE2JS {
  const key = `glob ${separators.join("")} ${glob}`;
  const known = context.memo.get(key);
  if (known instanceof RE2JS) return known;
  context.spend(1 + glob.length);
  const fresh = compile(globPattern(readGlob(glob), separators));
  context.memo.set(key, fresh);
  return fresh;
}
