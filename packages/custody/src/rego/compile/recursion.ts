import type { RuleTree, TreeNode } from "../plan/rule-tree.ts";
import type { Diagnostic, RefTerm, Rule, Term } from "../syntax/index.ts";
import { refsOfRule } from "./visit-refs.ts";

/** Rules that need their own value, directly or through others. */
export function recursiveRules(tree: RuleTree): Diagnostic[] {
  const edges = new Map<TreeNode, Set<TreeNode>>();
  for (const node of tree.nodes) {
    if (node.rules.length > 0) edges.set(node, neededBy(node, tree));
  }
  return [...edges.keys()].flatMap((node) => {
    const path = pathBack(node, edges);
    const [first] = node.rules;
    if (!path || !first) return [];
    const message = `rule ${node.name} is recursive: ${[node, ...path].map(({ name }) => name).join(" -> ")}`;
    return [{ code: "rego_recursion_error", message, at: first.rule.at } as const];
  });
}

function neededBy(node: TreeNode, tree: RuleTree): Set<TreeNode> {
  const needed = new Set<TreeNode>();
  for (const { rule } of node.rules) addNeeded(rule, tree, needed);
  return needed;
}

function addNeeded(rule: Rule, tree: RuleTree, needed: Set<TreeNode>): void {
  for (const ref of refsOfRule(rule)) {
    if (ref.head.kind === "var" && ref.head.name === "data") addMatching(tree.root, ref, 0, needed);
  }
  if (rule.elseRule) addNeeded(rule.elseRule, tree, needed);
}

/** Adds the nodes that a reference may reach, a variable in it standing for any name. */
function addMatching(node: TreeNode, ref: RefTerm, at: number, needed: Set<TreeNode>): void {
  if (node.rules.length > 0) needed.add(node);
  const part = ref.path[at];
  if (part === undefined) return addAll(node, needed);
  for (const [name, child] of node.children) {
    if (mayBe(part, name)) addMatching(child, ref, at + 1, needed);
  }
}

function addAll(node: TreeNode, needed: Set<TreeNode>): void {
  // The whole document of a package does not hold its functions.
  if (node.rules.length > 0 && !node.isFunction) needed.add(node);
  for (const child of node.children.values()) addAll(child, needed);
}

function mayBe(part: Term, name: string): boolean {
  return part.kind === "scalar" ? part.value === name : true;
}

/** The shortest way from a node back to itself. */
function pathBack(
  start: TreeNode,
  edges: ReadonlyMap<TreeNode, ReadonlySet<TreeNode>>,
): TreeNode[] | undefined {
  const seen = new Set<TreeNode>();
  let paths: TreeNode[][] = [[]];
  while (paths.length > 0) {
    const longer = paths.flatMap((path) =>
      [...(edges.get(path.at(-1) ?? start) ?? [])].map((next) => [...path, next]),
    );
    const whole = longer.find((path) => path.at(-1) === start);
    if (whole) return whole;
    paths = longer.filter((path) => isNew(path.at(-1), seen));
  }
  return undefined;
}

function isNew(node: TreeNode | undefined, seen: Set<TreeNode>): boolean {
  if (node === undefined || seen.has(node)) return false;
  seen.add(node);
  return true;
}
