import { graphlib, layout } from "@dagrejs/dagre";

import { joinBlocks } from "./blocks.ts";
import type { Block } from "./blocks.ts";
import type { LayoutQuestion } from "./layout-question.ts";
import { nodeSize } from "./node-size.ts";

/** A node's left upper corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Above this, which layer a node stands in is worked out in the quicker way; the edges come out about as long. */
const manyNodes = 150;
const gaps = { nodesep: 24, ranksep: 64, marginx: 24, marginy: 24 } as const;
const cell = { width: nodeSize.width + gaps.nodesep, height: nodeSize.height + gaps.nodesep } as const;

/** Places nodes from left to right, in layers (dagre). Edges of nodes that there are not are passed over. */
export function layOut(question: LayoutQuestion): ReadonlyMap<string, Place> {
  const { nodes, edges, blocks } = joinBlocks(question);
  const ranker = nodes.length > manyNodes ? "tight-tree" : "network-simplex";
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: "LR", ranker, ...gaps });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of nodes) graph.setNode(id, sizeOf(blocks.get(id)));
  for (const { from, to } of edges) {
    if (graph.hasNode(from) && graph.hasNode(to)) graph.setEdge(from, to);
  }
  layout(graph);
  return new Map(
    nodes.flatMap((id) => {
      const { x, y } = graph.node(id) as Place;
      const block = blocks.get(id);
      const { width, height } = sizeOf(block);
      const corner = { x: x - width / 2, y: y - height / 2 };
      return block ? placeMembers(block, corner) : [[id, corner] as const];
    }),
  );
}

/** As wide as it is high, more or less. */
function columnsOf({ members }: Block): number {
  return Math.ceil(Math.sqrt((members.length * cell.height) / cell.width));
}

function sizeOf(block: Block | undefined): { readonly width: number; readonly height: number } {
  if (!block) return { ...nodeSize };
  const columns = columnsOf(block);
  const rows = Math.ceil(block.members.length / columns);
  return { width: columns * cell.width - gaps.nodesep, height: rows * cell.height - gaps.nodesep };
}

function placeMembers(block: Block, corner: Place): (readonly [string, Place])[] {
  const columns = columnsOf(block);
  return block.members.map((id, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return [id, { x: corner.x + column * cell.width, y: corner.y + row * cell.height }];
  });
}
