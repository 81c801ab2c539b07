import { constantPrefix } from "../plan/rule-tree.ts";
import type { RuleTree, TreeNode } from "../plan/rule-tree.ts";
import type { Diagnostic, Module, Rule } from "../syntax/index.ts";

/** Rules of one name that define different kinds of thing, and rules inside of what another defines whole. */
export function ruleConflicts(tree: RuleTree, modules: readonly Module[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of tree.nodes) {
    const problem = node.rules.length > 0 ? problemAt(node) : undefined;
    const at = node.rules[0]?.rule.at;
    if (problem && at) found.push({ code: "rego_type_error", message: problem, at });
  }
  return [...found, ...packageConflicts(tree, modules)];
}

function problemAt(node: TreeNode): string | undefined {
  const rules = node.rules.map(({ rule }) => rule);
  const inside = insideOf(node, rules);
  if (inside.length > 0)
    return `rule ${node.name} conflicts with [${inside.map(({ name }) => name).join(" ")}]`;
  const kinds = new Set(rules.map(kindOfRule));
  const arities = new Set(rules.map(({ head }) => head.args?.length ?? 0));
  if (kinds.has("complete") && kinds.size > 1) return `conflicting rules ${node.name} found`;
  if ((kinds.has("set") && kinds.has("sets")) || arities.size > 1)
    return `conflicting rules ${node.name} found`;
  if (kinds.has("set") && kinds.has("object")) return `conflicting rules ${node.name} found`;
  const defaults = rules.filter(({ isDefault }) => isDefault);
  const places = defaults.map(({ at }) => `${at.file}:${at.row}`).join(", ");
  return defaults.length > 1 ? `multiple default rules ${node.name} found at ${places}` : undefined;
}

type Kind = "complete" | "function" | "set" | "sets" | "object";

/** `p`, `p(x)`, `p contains x`, `p[x] contains y`, `p[x] := y`. */
function kindOfRule(rule: Rule): Kind {
  const { head } = rule;
  if (head.args) return "function";
  const isWhole = constantPrefix(rule).length === head.ref.length;
  if (head.element) return isWhole ? "set" : "sets";
  return isWhole ? "complete" : "object";
}

/** What may not stand below a node: anything below a whole value, functions below an object. */
function insideOf(node: TreeNode, rules: readonly Rule[]): readonly TreeNode[] {
  const below = [...node.children.values()].flatMap(withRules);
  const isWhole = rules.some((rule) => constantPrefix(rule).length === rule.head.ref.length);
  return isWhole ? below : below.filter(({ isFunction }) => isFunction);
}

function withRules(node: TreeNode): readonly TreeNode[] {
  const below = [...node.children.values()].flatMap(withRules);
  return node.rules.length > 0 ? [node, ...below] : below;
}

/** A package may not have the name of a rule. */
function packageConflicts(tree: RuleTree, modules: readonly Module[]): Diagnostic[] {
  return modules.flatMap(({ package: path, packageAt }) => {
    const rule = tree
      .find(path)
      ?.rules.find(({ rule: { head }, rule: one }) => constantPrefix(one).length === head.ref.length)?.rule;
    if (!rule) return [];
    const name = path.join(".");
    const message = `package ${name} conflicts with rule ${rule.head.ref.map((term) => (term.kind === "var" ? term.name : "")).join(".")} defined at ${rule.at.file}:${rule.at.row}`;
    return [{ code: "rego_type_error", message, at: packageAt } as const];
  });
}
