import { equalBytes } from "custody/ground";
import type { Bytes } from "custody/ground";
import {
  appendLeaves,
  emptyFrontier,
  formatTilePath,
  fullTileOf,
  leafHash,
  parseEntryBundle,
  rightEdgeTiles,
  rootHashOf,
  tileWidth,
} from "custody/merkle";
import type { Hasher, Tile, TileContent } from "custody/merkle";
import type { VerifiedCheckpoint } from "custody/note";

import { logFault } from "./faults.ts";

/** What a whole log is read from; nothing that its tiles hold is trusted. */
export interface WholeLogSource {
  readonly hasher: Hasher;
  /** Answers with the bytes of a tile or entry bundle by its path, or with undefined. */
  readonly tiles: { read(path: string): Promise<Uint8Array | undefined> };
  /** Its signature was verified: the tree that everything must lead to. */
  readonly checkpoint: Pick<VerifiedCheckpoint, "size" | "rootHash">;
  /** Is given the entries of each bundle with the index of the first. They count only once the call has returned. */
  readonly visit?: (first: number, entries: readonly Bytes[]) => void;
}

/**
 * Builds the tree of a log anew from entry 0 on, and holds every tile that its checkpoint needs against it, byte for byte.
 *
 * @throws CustodyError `log/corrupt` naming the tile or bundle that is missing, or is not what the entries make.
 */
export async function verifyWholeLog(source: WholeLogSource): Promise<void> {
  const { checkpoint, hasher, visit } = source;
  const edge = new Set(rightEdgeTiles(checkpoint.size).map(formatTilePath));
  const isNeeded = ({ tile }: TileContent): boolean =>
    tile.width === tileWidth || edge.has(formatTilePath(tile));
  let frontier = emptyFrontier;
  while (frontier.size < checkpoint.size) {
    const entries = await readEntries(source, frontier.size);
    visit?.(frontier.size, entries);
    const hashes = entries.map((entry) => leafHash(hasher, entry));
    const grown = appendLeaves(hasher, frontier, hashes);
    for (const tile of grown.tiles.filter(isNeeded)) await checkTile(source, tile);
    frontier = grown.frontier;
  }
  if (equalBytes(rootHashOf(hasher, frontier), checkpoint.rootHash)) return;
  throw corrupt("checkpoint", "the entries lead to another root than the checkpoint's");
}

async function readEntries(source: WholeLogSource, first: number): Promise<readonly Bytes[]> {
  const width = Math.min(tileWidth, source.checkpoint.size - first);
  const bundle: Tile = { kind: "entries", index: first / tileWidth, width };
  const entries = parseEntryBundle(await readTile(source, bundle)).slice(0, width);
  if (entries.length === width) return entries;
  throw corrupt(formatTilePath(bundle), "the bundle lacks entries");
}

async function checkTile(source: WholeLogSource, { tile, content }: TileContent): Promise<void> {
  const found = await readTile(source, tile);
  const isWhole = found.length === content.length || tile.width < tileWidth;
  if (isWhole && equalBytes(found.subarray(0, content.length), content)) return;
  throw corrupt(formatTilePath(tile), "the tile is not what the entries make");
}

// A log may drop a partial tile once the full one is there; then the full one's beginning is the same.
async function readTile({ tiles }: WholeLogSource, tile: Tile): Promise<Uint8Array> {
  const path = formatTilePath(tile);
  const found = (await tiles.read(path)) ?? (await tiles.read(formatTilePath(fullTileOf(tile))));
  if (found) return found;
  throw corrupt(path, "the tile is missing");
}

function corrupt(subject: string, message: string): Error {
  return logFault("log/corrupt", message, {
    subject,
    next: "take the log from a copy that verifies, and find out who changed this one",
  });
}
