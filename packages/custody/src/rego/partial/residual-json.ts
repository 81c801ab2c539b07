import { bodyJson, moduleJson, parseModule, parseQuery } from "../syntax/index.ts";
import type { Module, Rule } from "../syntax/index.ts";
import type { RegoValue } from "../values/index.ts";
import type { Residual } from "./residual.ts";

/** A residual as OPA's tools and its API show it. */
export interface ResidualJson {
  readonly queries: readonly RegoValue[];
  readonly support: readonly RegoValue[];
}

/** The syntax trees of a residual. */
export function residualJson({ queries, support }: Residual): ResidualJson {
  return {
    queries: queries.map((text) => (text === "" ? [] : bodyJson(parseQuery(text, { version: "v1" })))),
    support: support.map((text) =>
      moduleJson(unassigned(parseModule({ file: "", text }, { version: "v1" }))),
    ),
  };
}

/** The values of rules that were made stand there without a `:=`. */
function unassigned(module: Module): Module {
  return { ...module, rules: module.rules.map((rule) => withoutAssign(rule)) };
}

function withoutAssign(rule: Rule): Rule {
  return { ...rule, head: { ...rule.head, assign: false } };
}
