import { moduleJson, parseModule } from "../../syntax/index.ts";
import { RegoDiagnostics } from "../../syntax/index.ts";
import { types } from "../../types.ts";
import type { RegoType } from "../../types.ts";
import { BuiltinError } from "../builtin.ts";
import type { Builtin } from "../builtin.ts";
import { stringOperand } from "../operands.ts";

const anyToAny = types.objectOf(types.string, types.any);

const parseModuleBuiltin: Builtin = {
  name: "rego.parse_module",
  args: [types.string, types.string],
  result: anyToAny,
  evaluate: (_context, file, text) => {
    const source = { file: stringOperand(file, 1), text: stringOperand(text, 2) };
    try {
      return moduleJson(parseModule(source));
    } catch (error) {
      if (error instanceof RegoDiagnostics) throw new BuiltinError(error.message);
      throw error;
    }
  },
};

/** The compiler answers these where they stand in a rule; nowhere else is there anything to answer. */
function metadata(name: string, result: RegoType): Builtin {
  return {
    name,
    args: [],
    result,
    evaluate: () => {
      throw new BuiltinError("the rego.metadata functions can only be called inside of a rule");
    },
  };
}

export const regoBuiltins: readonly Builtin[] = [
  parseModuleBuiltin,
  metadata("rego.metadata.chain", types.arrayOf(types.any)),
  metadata("rego.metadata.rule", types.any),
];
