import { RegoFault } from "../../faults.ts";
import { types } from "../../types.ts";
import { isArray, isSet, kindName, termText } from "../../values/index.ts";
import type { RegoArray, RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { arrayOperand, stringOperand } from "../operands.ts";

/** How many lines one call may print; each operand that has several values multiplies them. */
const lineLimit = 10_000;

/**
 * `print` and what the compiler makes of it and of `$"…{x}…"`: an array of operands, each a value or the set of
 * its values, which is empty where it is undefined.
 */
export const printing: readonly Builtin[] = [
  {
    name: "internal.print",
    args: [types.arrayOf(types.setOf(types.any))],
    evaluate: (context, operands) => {
      if (!context.host.print) return true;
      for (const line of combinations(context, arrayOperand(operands, 1))) context.host.print(line.join(" "));
      return true;
    },
  },
  {
    name: "internal.template_string",
    args: [types.arrayOf(types.any)],
    result: types.string,
    evaluate: (context, operands) => {
      const [text = [], ...others] = combinations(context, arrayOperand(operands, 1));
      if (others.length === 0) return text.join("");
      throw new RegoFault("rego/conflict", "template-strings must not produce multiple outputs");
    },
  },
  {
    name: "print",
    args: [],
    variadic: types.any,
    evaluate: (context, ...operands) => {
      context.host.print?.(operands.map(shown).join(" "));
      return true;
    },
  },
  {
    name: "trace",
    args: [types.string],
    result: types.boolean,
    evaluate: (context, note) => {
      const line = stringOperand(note, 1);
      context.host.print?.(line);
      return true;
    },
  },
  {
    name: "internal.test_case",
    args: [types.arrayOf(types.any)],
    evaluate: () => true,
  },
];

/** Every choice of one text an operand, in the order of their values. */
function combinations(context: BuiltinContext, operands: RegoArray): readonly (readonly string[])[] {
  return operands.reduce<readonly (readonly string[])[]>(
    (lines, operand) => {
      const texts = textsOf(operand);
      context.spend(lines.length * texts.length);
      if (lines.length * texts.length > lineLimit) throw new RegoFault("rego/limit", "too much to print");
      return lines.flatMap((line) => texts.map((text) => [...line, text]));
    },
    [[]],
  );
}

function textsOf(operand: RegoValue): readonly string[] {
  if (isSet(operand)) return operand.size === 0 ? ["<undefined>"] : operand.sorted().map(shown);
  if (!isArray(operand) && (operand === null || kindName(operand) !== "object")) return [shown(operand)];
  throw new RegoFault("rego/internal", `illegal argument type: ${kindName(operand)}`);
}

/** Strings as they are, other values as terms. */
function shown(value: RegoValue): string {
  return typeof value === "string" ? value : termText(value);
}
