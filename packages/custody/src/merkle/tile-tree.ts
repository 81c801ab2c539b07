import { concatBytes } from "custody/ground";
import type { Bytes } from "custody/ground";

import { merkleFault } from "./faults.ts";
import { hashBytes, nodeHash } from "./hash.ts";
import type { Hasher } from "./hash.ts";
import { tileWidth } from "./tile.ts";

/**
 * A tile with the tree over its hashes: `rows[0]` is what the tile lists, each row above has one hash for each
 * complete pair below. Row 8 has the one hash of a full tile.
 */
export interface TileTree {
  readonly rows: readonly (readonly Bytes[])[];
}

const tileHeight = 8;

export const emptyTileTree: TileTree = { rows: Array.from({ length: tileHeight + 1 }, () => []) };

export function widthOf(tree: TileTree): number {
  return tree.rows[0]?.length ?? 0;
}

/** The tree with more hashes at its right; the given one is not changed. There must be room for them. */
export function extendTileTree(hasher: Hasher, tree: TileTree, hashes: readonly Bytes[]): TileTree {
  if (widthOf(tree) + hashes.length > tileWidth) throw merkleFault("merkle/range", "the tile is full");
  const rows = tree.rows.map((row) => [...row]);
  rows[0]?.push(...hashes);
  for (let height = 1; height <= tileHeight; height++) completePairs(hasher, rows[height - 1], rows[height]);
  return { rows };
}

function completePairs(hasher: Hasher, below: readonly Bytes[] = [], row: Bytes[] = []): void {
  for (let i = row.length; i < Math.floor(below.length / 2); i++) {
    const [left, right] = below.slice(2 * i, 2 * i + 2);
    if (left && right) row.push(nodeHash(hasher, left, right));
  }
}

/** The hash of a full tile, as the tile above lists it; undefined for a partial one. */
export function findTileHash(tree: TileTree): Bytes | undefined {
  return tree.rows[tileHeight]?.[0];
}

/** The bytes that a tile's resource has: its hashes, one after the other. */
export function tileContent(tree: TileTree): Bytes {
  return concatBytes(...(tree.rows[0] ?? []));
}

/** The tree over a tile's bytes, whose length the caller has checked. Nothing is authenticated by this. */
export function parseTileContent(hasher: Hasher, content: Uint8Array): TileTree {
  const hashes: Bytes[] = [];
  for (let at = 0; at < content.length; at += hashBytes) hashes.push(content.slice(at, at + hashBytes));
  return extendTileTree(hasher, emptyTileTree, hashes);
}
