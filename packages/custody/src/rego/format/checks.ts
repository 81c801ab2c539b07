import type { Builtin } from "../builtins/builtin.ts";
import { moduleProblems } from "../compile/module-rules.ts";
import { RegoDiagnostics } from "../syntax/index.ts";
import type { Module } from "../syntax/index.ts";
import { checkRuleName } from "../syntax/version-rules.ts";
import { someNode } from "./items.ts";

/**
 * Refuses what v1 forbids and no layout can mend.
 *
 * @throws RegoDiagnostics
 */
export function checkForV1(module: Module, builtins: readonly Builtin[]): void {
  const known = new Map(builtins.map((one) => [one.name, one]));
  const found = [
    ...moduleProblems({ ...module, version: "v1" }, { builtins: known, strict: false }),
    ...module.rules.flatMap((rule) => checkRuleName(rule)),
  ];
  if (found.length > 0) throw new RegoDiagnostics(found);
}

/**
 * Refuses templates, which v0 does not have.
 *
 * @throws RegoDiagnostics
 */
export function refuseTemplates({ rules }: Module): void {
  someNode(rules, (node) => {
    if (!("kind" in node) || node.kind !== "template") return false;
    const message = "template strings are not supported by current capabilities";
    throw new RegoDiagnostics([{ code: "rego_parse_error", message, at: node.at }]);
  });
}
