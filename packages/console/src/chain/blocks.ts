import type { LayoutQuestion } from "./layout-question.ts";

/** Nodes that have the same neighbours: where there are many, they are placed as one, and stand in rows inside it. */
export interface Block {
  /** The first of them; the block goes by its name. */
  readonly id: string;
  readonly members: readonly string[];
}

/** Fewer than so many stand one below the other. */
const fewestMembers = 24;

/** A picture with each block as one node. */
export interface Blocked extends LayoutQuestion {
  readonly blocks: ReadonlyMap<string, Block>;
}

/**
 * Puts nodes with the same neighbours into blocks: ten thousand processes of one image are one column otherwise, a kilometre
 * long, and no engine orders them within a minute. Takes the time of reading the picture.
 */
export function joinBlocks({ nodes, edges }: LayoutQuestion): Blocked {
  const groups = Map.groupBy(nodes, neighbourhoods({ nodes, edges }));
  const blocks = new Map<string, Block>();
  const blockOf = new Map<string, string>();
  for (const [, members] of groups) {
    const [id] = members;
    if (id === undefined || members.length < fewestMembers) continue;
    blocks.set(id, { id, members });
    for (const member of members) blockOf.set(member, id);
  }
  const isShown = (id: string): boolean => (blockOf.get(id) ?? id) === id;
  return {
    nodes: nodes.filter(isShown),
    edges: edges.filter(({ from, to }) => isShown(from) && isShown(to)),
    blocks,
  };
}

// Nodes without neighbours have nothing in common but that.
function neighbourhoods({ nodes, edges }: LayoutQuestion): (id: string) => string {
  const before = Map.groupBy(edges, ({ to }) => to);
  const after = Map.groupBy(edges, ({ from }) => from);
  const keys = new Map(
    nodes.map((id) => {
      const sides = [before.get(id)?.map(({ from }) => from), after.get(id)?.map(({ to }) => to)];
      return [id, JSON.stringify(sides.map((side) => side?.toSorted() ?? []))];
    }),
  );
  return (id) => keys.get(id) ?? "";
}
