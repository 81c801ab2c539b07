import type { RuleTree, TreeNode } from "../plan/rule-tree.ts";
import type { Diagnostic, RefTerm, Rule } from "../syntax/index.ts";
import { pathName } from "../values/path-name.ts";
import { refsOfRule } from "./visit.ts";

/** Rules that need their own value, directly or through others. */
export function recursiveRules(tree: RuleTree): Diagnostic[] {
  const edges = new Map<TreeNode, Set<TreeNode>>();
  for (const node of tree.nodes) {
    if (node.rules.length > 0) edges.set(node, neededBy(node, tree));
  }
  return cyclicNodes(edges).flatMap((node) => {
    const path = pathBack(node, edges);
    const [first] = node.rules;
    if (!path || !first) return [];
    const message = `rule ${node.name} is recursive: ${[node, ...path].map(({ name }) => name).join(" -> ")}`;
    return [{ code: "rego_recursion_error", message, at: first.rule.at } as const];
  });
}

type Edges = ReadonlyMap<TreeNode, ReadonlySet<TreeNode>>;

/**
 * The nodes that are left when every node is taken away that needs none of those left, and every node that none of
 * those left needs: what is on a cycle, or between two. There are none in almost every policy, and none is found in
 * time linear in the edges.
 */
function cyclicNodes(edges: Edges): readonly TreeNode[] {
  const reversed = new Map<TreeNode, Set<TreeNode>>([...edges.keys()].map((node) => [node, new Set()]));
  for (const [node, needed] of edges) for (const one of needed) reversed.get(one)?.add(node);
  const left = new Set(edges.keys());
  peel(left, edges, reversed);
  peel(left, reversed, edges);
  return [...left];
}

/** Takes away nodes without a way on among those left, as long as there are any. */
function peel(left: Set<TreeNode>, edges: Edges, reversed: Edges): void {
  const ways = new Map(
    [...left].map((node) => [node, [...(edges.get(node) ?? [])].filter((one) => left.has(one)).length]),
  );
  const ends = [...left].filter((node) => ways.get(node) === 0);
  for (let node = ends.pop(); node; node = ends.pop()) {
    left.delete(node);
    for (const before of reversed.get(node) ?? []) {
      const count = (ways.get(before) ?? 0) - 1;
      ways.set(before, count);
      if (count === 0 && left.has(before)) ends.push(before);
    }
  }
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
}

/** Adds the nodes that a reference may reach, a variable in it standing for any name. */
function addMatching(node: TreeNode, ref: RefTerm, at: number, needed: Set<TreeNode>): void {
  if (node.rules.length > 0) needed.add(node);
  const part = ref.path[at];
  if (part === undefined) return addAll(node, needed);
  const matching =
    part.kind === "scalar" ? [node.children.get(pathName(part.value))] : node.children.values();
  for (const child of matching) if (child) addMatching(child, ref, at + 1, needed);
}

function addAll(node: TreeNode, needed: Set<TreeNode>): void {
  // The whole document of a package does not hold its functions.
  if (node.rules.length > 0 && !node.isFunction) needed.add(node);
  for (const child of node.children.values()) addAll(child, needed);
}

/** The shortest way from a node back to itself. */
function pathBack(start: TreeNode, edges: Edges): TreeNode[] | undefined {
  const cameFrom = new Map<TreeNode, TreeNode>();
  let reached: readonly TreeNode[] = [start];
  while (reached.length > 0 && !cameFrom.has(start)) {
    reached = reached.flatMap((node) =>
      [...(edges.get(node) ?? [])].filter((next) => isFirst(next, node, cameFrom)),
    );
  }
  return cameFrom.has(start) ? wayTo(start, cameFrom) : undefined;
}

function isFirst(next: TreeNode, from: TreeNode, cameFrom: Map<TreeNode, TreeNode>): boolean {
  if (cameFrom.has(next)) return false;
  cameFrom.set(next, from);
  return true;
}

function wayTo(end: TreeNode, cameFrom: ReadonlyMap<TreeNode, TreeNode>): TreeNode[] {
  const way = [end];
  for (let node = cameFrom.get(end); node && node !== end; node = cameFrom.get(node)) way.unshift(node);
  return way;
}
