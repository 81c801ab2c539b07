import { types } from "../../types.ts";
import { writeJson } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { stringOperand } from "../operands.ts";
import { readYaml } from "./read.ts";
import { writeYaml } from "./write.ts";

const { any, boolean, string } = types;

export const yamlBuiltins: readonly Builtin[] = [
  {
    name: "yaml.marshal",
    args: [any],
    result: string,
    evaluate: (_, value) => writeYaml(value),
  },
  {
    name: "yaml.unmarshal",
    args: [string],
    result: any,
    evaluate: (context, text) => readYaml(context, stringOperand(text, 1)),
  },
  { name: "yaml.is_valid", args: [string], result: boolean, evaluate: isYaml },
];

function isYaml(context: BuiltinContext, text: RegoValue): boolean {
  if (typeof text !== "string") return false;
  try {
    return writeJson(readYaml(context, text)) !== "";
  } catch (error) {
    if (error instanceof BuiltinError) return false;
    throw error;
  }
}
