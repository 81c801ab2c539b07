import { types } from "../../types.ts";
import { objectEntries, stringBytes, stringOfBytes } from "../../values/index.ts";
import type { AnyObject } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { objectOperand, stringOperand, wrongOperand } from "../operands.ts";
import { TextBuilder } from "./text-builder.ts";

type Pair = readonly [from: string, to: string];

export const replacements: readonly Builtin[] = [
  {
    name: "replace",
    args: [types.string, types.string, types.string],
    result: types.string,
    evaluate: (context, text, from, to) => {
      const whole = stringOperand(text, 1);
      return replaceAll(context, whole, [[stringOperand(from, 2), stringOperand(to, 3)]]);
    },
  },
  {
    name: "strings.replace_n",
    args: [types.objectOf(types.string, types.string), types.string],
    result: types.string,
    evaluate: (context, patterns, text) => {
      const object = objectOperand(patterns, 1);
      const whole = stringOperand(text, 2);
      return replaceAll(context, whole, pairsOf(object));
    },
  },
];

function pairsOf(patterns: AnyObject): Pair[] {
  return objectEntries(patterns).map(([from, to]) => {
    if (typeof from !== "string") throw wrongOperand(1, "non-string key found in pattern object");
    if (typeof to !== "string") throw wrongOperand(1, "non-string value found in pattern object");
    return [from, to];
  });
}

/**
 * Replaces from left to right what no earlier replacement touched; of several that fit, the first. The empty string
 * is found between bytes, not characters.
 */
function replaceAll(context: BuiltinContext, text: string, pairs: readonly Pair[]): string {
  if (!pairs.some(([from]) => from === "")) return replaceUnits(context, text, pairs);
  const inBytes = pairs.map(([from, to]): Pair => [latin(from), latin(to)]);
  const bytes = replaceUnits(context, latin(text), inBytes);
  return stringOfBytes(Uint8Array.from(bytes, (unit) => unit.charCodeAt(0)));
}

/** One UTF-16 unit for each byte. */
function latin(text: string): string {
  return Array.from(stringBytes(text), (byte) => String.fromCharCode(byte)).join("");
}

function replaceUnits(context: BuiltinContext, text: string, pairs: readonly Pair[]): string {
  const candidates = new Candidates(pairs);
  const output = new TextBuilder();
  let copied = 0;
  let afterEmpty = false;
  for (let at = 0; at <= text.length;) {
    context.spend(candidates.cost);
    const match = candidates.find(text, at, afterEmpty);
    afterEmpty = match?.[0] === "";
    if (match) output.write(text.slice(copied, at)).write(match[1]);
    at += match ? match[0].length : 1;
    if (match) copied = at;
  }
  return output.write(text.slice(copied)).text();
}

/** The pairs, filed by the unit they begin with. */
class Candidates {
  /** What a look at one place costs, at most. */
  readonly cost: number;
  readonly #byUnit: Map<number, Pair[]>;
  readonly #empty: Pair | undefined;

  constructor(pairs: readonly Pair[]) {
    this.cost = 1 + pairs.reduce((sum, [from]) => sum + from.length, 0) / 1024;
    this.#byUnit = Map.groupBy(pairs, ([from]) => from.charCodeAt(0));
    this.#empty = pairs.find(([from]) => from === "");
  }

  /** The pair that fits here. The empty string comes first, but not twice in one place. */
  find(text: string, at: number, afterEmpty: boolean): Pair | undefined {
    if (this.#empty && !afterEmpty) return this.#empty;
    const fitting = this.#byUnit.get(text.charCodeAt(at));
    return fitting?.find(([from]) => from !== "" && text.startsWith(from, at));
  }
}
