import { types } from "../../../types.ts";
import type { Builtin } from "../../builtin.ts";
import { objectOperand, stringOperand } from "../../operands.ts";
import { templateFunctions } from "./functions.ts";
import { goValue, refuseBeyondJson } from "./go-values.ts";
import { parseTemplate } from "./parser.ts";
import { runTemplate } from "./runner.ts";

/** Fills in a template of Go's `text/template`; a variable that is not there prints as `<undefined>`. */
export const renderTemplate: Builtin = {
  name: "strings.render_template",
  args: [types.string, types.objectOf(types.string, types.any)],
  result: types.string,
  evaluate: (context, template, variables) => {
    const source = stringOperand(template, 1);
    const data = objectOperand(variables, 2);
    refuseBeyondJson(data);
    context.spend(1 + source.length);
    const templates = parseTemplate(source, new Set(templateFunctions.keys()));
    return runTemplate(context, templates, goValue(data)).replaceAll("<no value>", "<undefined>");
  },
};
