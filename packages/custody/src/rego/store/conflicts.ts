import { constantPrefix } from "../plan/rule-tree.ts";
import type { Diagnostic, Module, Rule } from "../syntax/index.ts";
import { isObject } from "../values/index.ts";
import type { AnyObject } from "../values/index.ts";
import { findDocument } from "./documents.ts";

/** A rule, and where below `data` it stands. */
export interface PlacedRule {
  readonly path: readonly string[];
  readonly rule: Rule;
}

export function placedRules(modules: readonly Module[]): readonly PlacedRule[] {
  return modules.flatMap((module) =>
    module.rules.map((rule) => ({ rule, path: [...module.package, ...constantPrefix(rule)] })),
  );
}

/** The rules that stand where the base documents have something, the first of each place. */
export function dataConflicts(rules: readonly PlacedRule[], data: AnyObject): readonly Diagnostic[] {
  const first = new Map(rules.toReversed().map((placed) => [placed.path.join("/"), placed]));
  return rules
    .filter((placed) => first.get(placed.path.join("/")) === placed && isTaken(data, placed.path))
    .map(({ path, rule }) => ({
      code: "rego_compile_error",
      message: `conflicting rule for data path ${path.join("/")} found`,
      at: rule.at,
    }));
}

/** Something is there, or above it something that is no object. */
function isTaken(data: AnyObject, path: readonly string[]): boolean {
  for (let length = path.length; length > 0; length--) {
    const found = findDocument(data, path.slice(0, length));
    if (found !== undefined) return length === path.length || !isObject(found);
  }
  return false;
}
