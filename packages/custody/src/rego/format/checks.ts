import type { Builtin } from "../builtins/builtin.ts";
import { moduleProblems } from "../compile/module-rules.ts";
import { RegoDiagnostics } from "../syntax/index.ts";
import type { Module } from "../syntax/index.ts";
import { checkRuleName } from "../syntax/version-rules.ts";

/**
 * Refuses what v1 forbids and no layout can mend.
 *
 * @throws RegoDiagnostics
 */
export function checkForV1(module: Module, builtins: readonly Builtin[]): void {
  const known = new Map(builtins.map((one) => [one.name, one]));
  const found = [
    ...moduleProblems({ ...module, version: "v1" }, known),
    ...module.rules.flatMap((rule) => checkRuleName(rule)),
  ];
  if (found.length > 0) throw new RegoDiagnostics(found);
}
