import { types } from "../../types.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { countCharacters } from "./characters.ts";

export const search: readonly Builtin[] = [
  test("contains", (text, part) => text.includes(part)),
  test("startswith", (text, part) => text.startsWith(part)),
  test("endswith", (text, part) => text.endsWith(part)),
  {
    name: "indexof",
    args: [types.string, types.string],
    result: types.number,
    evaluate: (_context, text, part) => {
      const whole = stringOperand(text, 1);
      const at = whole.indexOf(sought(stringOperand(part, 2)));
      return at <= 0 ? at : countCharacters(whole.slice(0, at));
    },
  },
  {
    name: "indexof_n",
    args: [types.string, types.string],
    result: types.arrayOf(types.number),
    evaluate: (context, text, part) =>
      allIndices(context, stringOperand(text, 1), sought(stringOperand(part, 2))),
  },
  {
    name: "strings.count",
    args: [types.string, types.string],
    result: types.number,
    evaluate: (_context, text, part) => countOf(stringOperand(text, 1), stringOperand(part, 2)),
  },
];

function test(name: string, holds: (text: string, part: string) => boolean): Builtin {
  return {
    name,
    args: [types.string, types.string],
    result: types.boolean,
    evaluate: (_context, text, part) => holds(stringOperand(text, 1), stringOperand(part, 2)),
  };
}

function sought(part: string): string {
  if (part === "") throw new BuiltinError("empty search character");
  return part;
}

/** Where the part begins, also within itself, in characters. */
function allIndices(context: BuiltinContext, text: string, part: string): number[] {
  const indices: number[] = [];
  let characters = 0;
  let from = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    context.spend(1 + part.length / 64);
    characters += countCharacters(text.slice(from, at));
    from = at;
    indices.push(characters);
  }
  return indices;
}

/** How often the part occurs side by side; nothing occurs around each character. */
function countOf(text: string, part: string): number {
  if (part === "") return countCharacters(text) + 1;
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}
