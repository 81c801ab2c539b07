import { types } from "../../../types.ts";
import type { Builtin } from "../../builtin.ts";
import { arrayOperand, stringOperand } from "../../operands.ts";
import { argumentOf } from "./arguments.ts";
import { printf } from "./printf.ts";

export type { Argument } from "./arguments.ts";
export { floatNotation } from "./float-text.ts";
export { printf } from "./printf.ts";

/** Formats values with the verbs of Go's `fmt`. */
export const sprintf: Builtin = {
  name: "sprintf",
  args: [types.string, types.arrayOf(types.any)],
  result: types.string,
  evaluate: (context, format, values) =>
    printf(context, stringOperand(format, 1), arrayOperand(values, 2).map(argumentOf)),
};
