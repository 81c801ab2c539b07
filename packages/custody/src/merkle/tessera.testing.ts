import { readFileSync } from "node:fs";

import { equalBytes } from "custody/ground";
import type { Bytes } from "custody/ground";

import { appendLeaves, emptyFrontier, leafHash, parseEntryBundle, rootHashOf } from "./index.ts";
import { hasher } from "./trees.testing.ts";

/**
 * Builds Tessera's log anew from its entries at one size, from 1 to 15; throws where the tile is another than its test data have.
 *
 * @returns the root, which the checkpoint of that size must have.
 */
export function rebuildTesseraTree(directory: string, size: number): Bytes {
  const entries = parseEntryBundle(readFileSync(`${directory}/tile/entries/000.p/${size}`));
  const hashes = entries.map((entry) => leafHash(hasher, entry));
  const { tiles, frontier } = appendLeaves(hasher, emptyFrontier, hashes);
  const expected = readFileSync(`${directory}/tile/0/000.p/${size}`);
  if (tiles.length !== 1 || !equalBytes(tiles[0]?.content ?? new Uint8Array(), new Uint8Array(expected)))
    throw new Error(`the tile of ${size} entries is another`);
  return rootHashOf(hasher, frontier);
}
