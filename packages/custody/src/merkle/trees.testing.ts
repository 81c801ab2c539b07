import { createHash } from "node:crypto";

import { utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";

import { appendLeaves, emptyFrontier, formatTilePath, leafHash, nodeHash } from "./index.ts";
import type { Frontier, Hasher, ReadTile } from "./index.ts";

export const hasher: Hasher = {
  sha256: (data) => new Uint8Array(createHash("sha256").update(data).digest()),
};

export function makeLeafHashes(count: number): Bytes[] {
  return Array.from({ length: count }, (_, i) => leafHash(hasher, utf8(`leaf ${i}`)));
}

/** MTH of RFC 6962 §2.1, as it is written there: the oracle for everything faster. */
export function rootByDefinition(hashes: readonly Bytes[]): Bytes {
  const [first] = hashes;
  if (!first) return hasher.sha256(new Uint8Array());
  if (hashes.length === 1) return first;
  const k = 2 ** Math.floor(Math.log2(hashes.length - 1));
  return nodeHash(hasher, rootByDefinition(hashes.slice(0, k)), rootByDefinition(hashes.slice(k)));
}

export interface MadeTree {
  readonly frontier: Frontier;
  readonly tiles: Map<string, Bytes>;
  readonly readTile: ReadTile;
}

/** The tree of leaves appended in batches of the given sizes, with all tiles that a log would have written. */
export function makeTree(hashes: readonly Bytes[], batchSize: number): MadeTree {
  const tiles = new Map<string, Bytes>();
  let frontier = emptyFrontier;
  for (let at = 0; at < hashes.length; at += batchSize) {
    const appended = appendLeaves(hasher, frontier, hashes.slice(at, at + batchSize));
    frontier = appended.frontier;
    for (const { tile, content } of appended.tiles) tiles.set(formatTilePath(tile), content);
  }
  return { frontier, tiles, readTile: async (tile) => tiles.get(formatTilePath(tile)) };
}
