import type { TreeNode } from "../plan/rule-tree.ts";
import { constantPrefix } from "../plan/rule-tree.ts";
import type { Module } from "../syntax/index.ts";
import type { TypeCheck } from "./check-types.ts";
import { typescriptOf } from "./typescript.ts";

/** The paths of what annotations call entrypoints: rules, and whole packages. */
function entrypointsOf(modules: readonly Module[]): readonly (readonly string[])[] {
  return modules.flatMap((module) =>
    module.annotations
      .filter(({ entrypoint }) => entrypoint)
      .map(({ scope, statement }) => {
        const rule = module.rules[statement - 1 - module.imports.length];
        return scope === "package" || !rule ? module.package : [...module.package, ...constantPrefix(rule)];
      }),
  );
}

/**
 * TypeScript for the entrypoints of a policy: what each takes, where a schema says so, and what it gives.
 * The text is a module of its own, with one interface.
 */
export function declarationsOf(
  modules: readonly Module[],
  nodes: readonly TreeNode[],
  types: TypeCheck,
): string {
  const lines = entrypointsOf(modules).map((path) => {
    const node = nodes.find((one) => one.path.join("\n") === path.join("\n"));
    const result = node ? typescriptOf(types.typeOf(node)) : "unknown";
    const input = node ? typescriptOf(types.inputOf(node)) : "unknown";
    return `  readonly ${JSON.stringify(path.join("/"))}: { readonly input: ${input}; readonly result: ${result} };`;
  });
  return [
    "/** What the entrypoints of the policy take and give; `undefined` besides, where a rule does not hold. */",
    "export interface Entrypoints {",
    ...lines,
    "}",
    "",
  ].join("\n");
}
