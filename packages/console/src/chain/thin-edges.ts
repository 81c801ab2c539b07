import type { PictureEdge } from "custody/graph";

/** So many edges that leave or reach a node are drawn in a large picture. */
const mostOfOne = 12;

/**
 * The edges of a large picture that are drawn: of a node with very many, the first; and all of the node that is selected. What
 * is not drawn stands in the list, and in the evidence. An edge that is broken or missing is always drawn.
 */
export function thinEdges(edges: readonly PictureEdge[], selected: string | undefined): PictureEdge[] {
  const leaving = new Map<string, number>();
  const reaching = new Map<string, number>();
  return edges.filter(({ from, to, state }) => {
    const isTold = state !== "tied" || from === selected || to === selected;
    const places = [countUp(leaving, from), countUp(reaching, to)];
    return isTold || places.every((place) => place <= mostOfOne);
  });
}

function countUp(counts: Map<string, number>, id: string): number {
  const count = (counts.get(id) ?? 0) + 1;
  counts.set(id, count);
  return count;
}
