import { types } from "../../types.ts";
import type { Builtin } from "../builtin.ts";
import { stringOperand } from "../operands.ts";

/** Character by character, as Unicode's simple mappings have it: `ß` has no upper case, a final sigma no own form. */
export const cases: readonly Builtin[] = [mapping("lower", lowerCase), mapping("upper", upperCase)];

function mapping(name: string, map: (text: string) => string): Builtin {
  return {
    name,
    args: [types.string],
    result: types.string,
    evaluate: (_context, text) => map(stringOperand(text, 1)),
  };
}

const beyondAscii = /[^\0-\u007f]/gu;

function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase()).replace(beyondAscii, lowerCharacter);
}

function upperCase(text: string): string {
  return text.replace(/[a-z]+/g, (run) => run.toUpperCase()).replace(beyondAscii, upperCharacter);
}

function lowerCharacter(character: string): string {
  return character === "\u0130" ? "i" : (oneCharacter(character.toLowerCase()) ?? character);
}

function upperCharacter(character: string): string {
  return oneCharacter(character.toUpperCase()) ?? withIotaBeside(character);
}

function oneCharacter(mapped: string): string | undefined {
  const code = mapped.codePointAt(0) ?? 0;
  return mapped.length === (code > 0xffff ? 2 : 1) ? mapped : undefined;
}

/** Greek letters with an iota below have a capital with the iota beside it, which full mappings write as two. */
function withIotaBeside(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x1f80 && code <= 0x1faf && (code & 8) === 0) return String.fromCodePoint(code + 8);
  return [0x1fb3, 0x1fc3, 0x1ff3].includes(code) ? String.fromCodePoint(code + 9) : character;
}
