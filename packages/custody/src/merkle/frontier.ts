import type { Bytes } from "custody/ground";

import { emptyRoot, nodeHash } from "./hash.ts";
import type { Hasher } from "./hash.ts";
import { checkTreeSize } from "./range.ts";
import { hashesAtLevel, rightEdgeTiles, tileWidth } from "./tile.ts";
import type { HashTile } from "./tile.ts";
import { emptyTileTree, extendTileTree, findTileHash, tileContent, widthOf } from "./tile-tree.ts";
import type { TileTree } from "./tile-tree.ts";

/** All that appending to a tree needs: its size and the partial tiles at its right edge, by level. */
export interface Frontier {
  readonly size: number;
  readonly edge: readonly TileTree[];
}

export const emptyFrontier: Frontier = { size: 0, edge: [] };

/** A tile and its bytes. */
export interface TileContent {
  readonly tile: HashTile;
  readonly content: Bytes;
}

export interface Appended {
  readonly frontier: Frontier;
  /** The tiles to write before the new tree may be published: all that became full, and the new right edge. */
  readonly tiles: readonly TileContent[];
}

/** The tree with more leaves, by their hashes (C2SP tlog-tiles); the given frontier is not changed. */
export function appendLeaves(hasher: Hasher, frontier: Frontier, leafHashes: readonly Bytes[]): Appended {
  const size = frontier.size + leafHashes.length;
  checkTreeSize(size);
  const edge: TileTree[] = [];
  const tiles: TileContent[] = [];
  let hashes = leafHashes;
  for (let level = 0; hashes.length > 0 || level < frontier.edge.length; level++) {
    const index = Math.floor(hashesAtLevel(frontier.size, level) / tileWidth);
    const grown = extendLevel(hasher, frontier.edge[level] ?? emptyTileTree, hashes);
    edge.push(grown.partial);
    for (const [i, tree] of grown.full.entries()) tiles.push(contentOf(tree, level, index + i));
    if (hashes.length > 0 && widthOf(grown.partial) > 0) {
      tiles.push(contentOf(grown.partial, level, index + grown.full.length));
    }
    hashes = grown.full.flatMap((tree) => findTileHash(tree) ?? []);
  }
  return { frontier: { size, edge }, tiles };
}

interface GrownLevel {
  readonly full: readonly TileTree[];
  readonly partial: TileTree;
}

function extendLevel(hasher: Hasher, start: TileTree, hashes: readonly Bytes[]): GrownLevel {
  const full: TileTree[] = [];
  let partial = start;
  let at = 0;
  while (at < hashes.length) {
    const end = at + tileWidth - widthOf(partial);
    partial = extendTileTree(hasher, partial, hashes.slice(at, end));
    at = end;
    if (widthOf(partial) < tileWidth) break;
    full.push(partial);
    partial = emptyTileTree;
  }
  return { full, partial };
}

function contentOf(tree: TileTree, level: number, index: number): TileContent {
  return { tile: { kind: "hashes", level, index, width: widthOf(tree) }, content: tileContent(tree) };
}

/** The root hash of the frontier's tree (RFC 6962 §2.1). */
export function rootHashOf(hasher: Hasher, frontier: Frontier): Bytes {
  const peaks = frontier.edge.flatMap(peaksOf);
  return peaks.length === 0
    ? emptyRoot(hasher)
    : peaks.reduce((right, left) => nodeHash(hasher, left, right));
}

// The roots of the complete trees that the tile's hashes make up, smallest (rightmost) first.
function peaksOf(tree: TileTree): Bytes[] {
  return tree.rows.flatMap((row) => (row.length % 2 === 1 ? row.slice(-1) : []));
}

/** A frontier put together from the right edge's trees, in the order of {@link rightEdgeTiles}. */
export function frontierOf(size: number, trees: readonly TileTree[]): Frontier {
  const tiles = rightEdgeTiles(size);
  const levels = (tiles.at(-1)?.level ?? -1) + 1;
  const edge = Array.from({ length: levels }, (_, level) => {
    const at = tiles.findIndex((tile) => tile.level === level);
    return trees[at] ?? emptyTileTree;
  });
  return { size, edge };
}
