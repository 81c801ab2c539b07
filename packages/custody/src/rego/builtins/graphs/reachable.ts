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

/** A path on its way: where it stands, and how it came there. */
interface Path {
  readonly node: RegoValue;
  readonly before: Path | undefined;
}

/**
 * The longest paths from the initial nodes: each ends where no edge leads on, where it would meet itself, or before a
 * node that the graph does not have.
 */
function reachablePaths(context: BuiltinContext, graph: AnyObject, initial: RegoArray): RegoSet {
  const paths = new RegoSet();
  const open: Path[] = initial
    .filter((node) => objectGet(graph, node) !== undefined)
    .map((node) => ({ node, before: undefined }));
  for (let path = open.pop(); path; path = open.pop()) {
    const nodes = nodesOf(path);
    context.spend(nodes.length);
    // An edge from an initial node to itself is gone once, in OPA too.
    const passed = new RegoSet(path.before ? nodes : []);
    const next = neighbours(objectGet(graph, path.node) ?? []);
    const onward = next.filter((node) => !passed.has(node) && objectGet(graph, node) !== undefined);
    if (next.length === 0 || onward.length < next.length) paths.add(nodes);
    for (const node of onward) open.push({ node, before: path });
  }
  return paths;
}

function nodesOf(path: Path): RegoArray {
  const nodes: RegoValue[] = [];
  for (let at: Path | undefined = path; at; at = at.before) nodes.push(at.node);
  return nodes.reverse();
}
