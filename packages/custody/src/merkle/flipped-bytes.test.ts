import assert from "node:assert/strict";
import { test } from "node:test";

import type { Bytes } from "custody/ground";

import {
  formatTilePath,
  parseTilePath,
  readFrontier,
  rightEdgeTiles,
  rootHashOf,
  TileReader,
  verifyInclusion,
} from "./index.ts";
import type { HashTile, ReadTile } from "./index.ts";
import type { MadeTree } from "./trees.testing.ts";
import { hasher, makeLeafHashes, makeTree } from "./trees.testing.ts";

const many = makeLeafHashes(65_537);

/** Every how manieth byte is flipped: in tiles of leaf hashes, and in those above. */
interface Steps {
  readonly size: number;
  readonly leaves: number;
  readonly above: number;
}

const rows: readonly Steps[] = [
  { size: 255, leaves: 1, above: 1 },
  { size: 256, leaves: 1, above: 1 },
  { size: 257, leaves: 1, above: 1 },
  { size: 65_535, leaves: 2039, above: 3 },
  { size: 65_536, leaves: 2039, above: 3 },
  { size: 65_537, leaves: 2039, above: 3 },
];

for (const row of rows) {
  const which = row.leaves === 1 ? "any byte" : "a byte";
  test(`no proof comes from a tile with ${which} flipped in a tree of ${row.size}`, async () => {
    const made = makeTree(many.slice(0, row.size), row.size);
    const edge = new Set(rightEdgeTiles(row.size).map(formatTilePath));
    let count = 0;
    for (const [path, content] of made.tiles) {
      const tile = parseTilePath(path) as HashTile;
      const step = tile.level === 0 ? row.leaves : row.above;
      const use = edge.has(path) ? useEdge(made) : useFull(made, tile);
      for (let at = count % step; at < content.length; at += step) {
        await assert.rejects(use(withFlip(made, path, at)), { code: "merkle/tile-forged" }, `${path} ${at}`);
        count++;
      }
      await use(made.readTile);
    }
    assert.ok(count > 3500, `${count} bytes flipped`);
  });
}

// Which bit: another one at each place.
function withFlip({ tiles, readTile }: MadeTree, path: string, at: number): ReadTile {
  const forged: Bytes | undefined = tiles.get(path)?.slice();
  assert.ok(forged);
  forged[at]! ^= 1 << (((at * 2_654_435_761) >>> 7) & 7);
  return async (tile) => (formatTilePath(tile) === path ? forged : readTile(tile));
}

/** Reading the right edge, which every use of the tree begins with. */
function useEdge({ frontier }: MadeTree): (readTile: ReadTile) => Promise<unknown> {
  const head = { size: frontier.size, rootHash: rootHashOf(hasher, frontier) };
  return (readTile) => readFrontier(hasher, head, readTile);
}

/** A proof that passes through the tile, for a leaf below it. */
function useFull(
  { frontier }: MadeTree,
  { level, index: at }: HashTile,
): (readTile: ReadTile) => Promise<void> {
  const index = at * 256 ** (level + 1);
  return async (readTile) => {
    const reader = new TileReader(hasher, frontier, readTile);
    const [leafHash, hashes] = [await reader.leafHash(index), await reader.proveInclusion(index)];
    verifyInclusion(
      hasher,
      { index, treeSize: frontier.size, leafHash, hashes },
      rootHashOf(hasher, frontier),
    );
  };
}
