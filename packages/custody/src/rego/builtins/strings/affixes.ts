import { types } from "../../types.ts";
import { isArray, isSet } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import type { Builtin } from "../builtin.ts";
import { stringsOperand, wrongType } from "../operands.ts";

const oneOrMore = types.anyOf(types.string, types.arrayOf(types.string), types.setOf(types.string));

/** True when any of the strings begins, or ends, with any of the others. */
export const affixes: readonly Builtin[] = [
  affixMatch("strings.any_prefix_match", (text) => text),
  affixMatch("strings.any_suffix_match", reversed),
];

function affixMatch(name: string, oriented: (text: string) => string): Builtin {
  return {
    name,
    args: [oneOrMore, oneOrMore],
    result: types.boolean,
    evaluate: (_context, texts, affixes) => {
      const wholes = textsOperand(texts, 1).map(oriented);
      return anyBeginsWithAny(wholes, textsOperand(affixes, 2).map(oriented));
    },
  };
}

function textsOperand(value: RegoValue, position: number): readonly string[] {
  if (typeof value === "string") return [value];
  if (isArray(value) || isSet(value)) return stringsOperand(value, position);
  throw wrongType(value, position, "string", "set", "array");
}

/** In sorted order, what begins with a prefix follows right after it. */
function anyBeginsWithAny(wholes: readonly string[], prefixes: readonly string[]): boolean {
  const sorted = wholes.toSorted(byUnits);
  return prefixes.some((prefix) => sorted[firstFrom(sorted, prefix)]?.startsWith(prefix) === true);
}

function firstFrom(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function reversed(text: string): string {
  return text.split("").reverse().join("");
}
