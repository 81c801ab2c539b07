import { graphlib, layout } from "@dagrejs/dagre";

/** How large a node is drawn, in pixels. */
export const nodeSize = { width: 172, height: 124 } as const;

/** A node's left upper corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** What is laid out: ids, and which comes before which. */
export interface LayoutQuestion {
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** Above this, where nodes stand is worked out in the quicker way, which makes some edges longer. */
const manyNodes = 150;
const gaps = { nodesep: 24, ranksep: 64, marginx: 24, marginy: 24 } as const;

/** Places nodes from left to right, in layers (dagre). Edges of nodes that there are not are passed over. */
export function layOut({ nodes, edges }: LayoutQuestion): ReadonlyMap<string, Place> {
  const ranker = nodes.length > manyNodes ? "longest-path" : "network-simplex";
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", ranker, ...gaps });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of nodes) graph.setNode(id, { ...nodeSize });
  for (const { from, to } of edges) {
    if (graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to);
  }
  layout(graph);
  return new Map(
    nodes.map((id) => {
      const { x, y } = graph.node(id) as Place;
      return [id, { x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }];
    }),
  );
}
