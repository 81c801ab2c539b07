import { types } from "../../types.ts";
import { isArray, isSet, objectGet, RegoSet } from "../../values/index.ts";
import type { AnyObject, RegoArray, RegoValue } from "../../values/index.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { objectOperand, wrongType } from "../operands.ts";

const nodes = types.anyOf(types.arrayOf(types.any), types.setOf(types.any));
const args = [types.objectOf(types.any, nodes), nodes];

/** A graph is an object: under each node, the nodes that its edges lead to. */
export const reachability: readonly Builtin[] = [
  {
    name: "graph.reachable",
    args,
    result: types.setOf(types.any),
    evaluate: (context, graph, initial) => reachable(context, objectOperand(graph, 1), initialNodes(initial)),
  },
  {
    name: "graph.reachable_paths",
    args,
    result: types.setOf(types.arrayOf(types.any)),
    evaluate: (context, graph, initial) =>
      reachablePaths(context, objectOperand(graph, 1), initialNodes(initial)),
  },
];

function initialNodes(value: RegoValue): RegoArray {
  if (isArray(value) || isSet(value)) return neighbours(value);
  throw wrongType(value, 2, "{array, set}");
}

/** What edges lead to; whatever is no collection leads nowhere. */
function neighbours(edges: RegoValue): RegoArray {
  if (isArray(edges)) return edges;
  return isSet(edges) ? edges.sorted() : [];
}

/** The nodes of the graph that can be reached, the initial ones among them. */
function reachable(context: BuiltinContext, graph: AnyObject, initial: RegoArray): RegoSet {
  const reached = new RegoSet();
  const queue = [...initial];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    context.spend(1);
    const edges = objectGet(graph, node);
    if (edges === undefined || reached.has(node)) continue;
    reached.add(node);
    for (const next of neighbours(edges)) queue.push(next);
  }
  return reached;
}

/**
 * Paths from the initial nodes: each ends where no edge leads on, before a node that the graph does not have, or where
 * the next node was passed already. Passed on an earlier branch counts too, as in the cases of OPA's suite; OPA 1.19
 * itself looks at the path alone.
 */
function reachablePaths(context: BuiltinContext, graph: AnyObject, initial: RegoArray): RegoSet {
  const paths = new RegoSet();
  for (const node of initial) {
    const edges = objectGet(graph, node);
    if (edges === undefined) continue;
    const next = neighbours(edges);
    if (next.length === 0) paths.add([node]);
    for (const neighbour of next)
      explore({ context, graph, paths, passed: new RegoSet([node]) }, node, neighbour);
  }
  return paths;
}

interface Exploration {
  readonly context: BuiltinContext;
  readonly graph: AnyObject;
  readonly paths: RegoSet;
  readonly passed: RegoSet;
}

/** A node on the path, and how many of its edges have been followed. */
interface Step {
  readonly path: RegoArray;
  readonly next: RegoArray;
  followed: number;
}

/** Adds the paths that begin with these two nodes, depth first. */
function explore(exploration: Exploration, initial: RegoValue, neighbour: RegoValue): void {
  const { context, paths, passed } = exploration;
  const steps = stepsTo(exploration, [initial], neighbour);
  for (let step = steps.at(-1); step; step = steps.at(-1)) {
    context.spend(step.path.length);
    const next = step.next[step.followed++];
    if (next === undefined) steps.pop();
    else if (passed.has(next)) paths.add(step.path);
    else {
      passed.add(step.path.at(-1) ?? null);
      steps.push(...stepsTo(exploration, step.path, next));
    }
  }
}

/** The step to a node that leads on; a path that ends with it is added instead. */
function stepsTo({ graph, paths }: Exploration, path: RegoArray, node: RegoValue): Step[] {
  const edges = objectGet(graph, node);
  const next = edges === undefined ? [] : neighbours(edges);
  const onward = edges === undefined ? path : [...path, node];
  if (next.length === 0) paths.add(onward);
  return next.length === 0 ? [] : [{ path: onward, next, followed: 0 }];
}
