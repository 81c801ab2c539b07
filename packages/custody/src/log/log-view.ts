import { equalBytes } from "custody/ground";
import type { Bytes, Crypto } from "custody/ground";
import {
  emptyFrontier,
  formatTilePath,
  fullTileOf,
  hashesAtLevel,
  leafHash,
  parseEntryBundle,
  readFrontier,
  TileReader,
  tileWidth,
} from "custody/merkle";
import type { EntryTile, ReadTile, Tile } from "custody/merkle";
import { verifyCheckpoint } from "custody/note";
import type { VerifiedCheckpoint, VerifierKey } from "custody/note";

import { logFault } from "./faults.ts";
import type { GrowingTree } from "./grow-tree.ts";
import type { SequenceStore } from "./sequence-store.ts";
import type { TileStore } from "./tile-store.ts";

/** What reading a log needs. */
export interface LogSource {
  readonly crypto: Crypto;
  readonly origin: string;
  readonly logKey: VerifierKey;
  readonly store: Pick<SequenceStore, "findCheckpoint" | "readEntries">;
  readonly tiles: TileStore;
}

/** The log at one published checkpoint; everything in it was authenticated against that checkpoint's root. */
export interface LogView {
  readonly checkpoint: VerifiedCheckpoint;
  readonly tree: GrowingTree;
  readonly reader: TileReader;
}

/** An entry with all that proves it to be in the log, without asking the log again. */
export interface LogEntryProof {
  readonly index: number;
  readonly treeSize: number;
  readonly rootHash: Bytes;
  /** The inclusion proof, from the leaf up (RFC 6962 §2.1.1). */
  readonly hashes: readonly Bytes[];
  /** The signed note of the checkpoint of `treeSize`. */
  readonly checkpoint: string;
  readonly entry: Bytes;
}

/** A reader of tile files that trusts none of them: `TileReader` checks what it gives. */
export function tileFiles(tiles: TileStore): ReadTile {
  return (tile) => tiles.read(formatTilePath(tile));
}

/**
 * The log at a note that its store held.
 *
 * @throws CustodyError `note/…` when it is not this log's, signed with its key; `merkle/…` when the tiles are not its.
 */
export async function loadView(source: LogSource, note: string): Promise<LogView> {
  const { crypto, origin, logKey, store, tiles } = source;
  const checkpoint = await verifyCheckpoint(crypto, note, { origin, logKey });
  const frontier =
    checkpoint.size === 0 ? emptyFrontier : await readFrontier(crypto, checkpoint, tileFiles(tiles));
  const width = checkpoint.size % tileWidth;
  const tail = width === 0 ? [] : await store.readEntries(checkpoint.size - width, width);
  return viewOf(source, checkpoint, { frontier, tail });
}

export function viewOf(source: LogSource, checkpoint: VerifiedCheckpoint, tree: GrowingTree): LogView {
  return { checkpoint, tree, reader: new TileReader(source.crypto, tree.frontier, tileFiles(source.tiles)) };
}

/** The proof of an entry that the caller has at hand. Throws as {@link proveStoredEntry}. */
export async function proveEntry(view: LogView, index: number, entry: Bytes): Promise<LogEntryProof> {
  const { size, rootHash, note } = view.checkpoint;
  const hashes = await view.reader.proveInclusion(index);
  return { index, treeSize: size, rootHash, hashes, checkpoint: note, entry };
}

/**
 * The entry of an index from its bundle, with its proof.
 *
 * @throws CustodyError `log/no-entry` beyond the checkpoint; `log/corrupt` when the bundle holds another entry.
 */
export async function proveStoredEntry(
  source: LogSource,
  view: LogView,
  index: number,
): Promise<LogEntryProof> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= view.checkpoint.size) {
    throw logFault("log/no-entry", `the log has ${view.checkpoint.size} entries, none at ${index}`);
  }
  const entry = await readEntry(source, view, index);
  if (!equalBytes(leafHash(source.crypto, entry), await view.reader.leafHash(index))) {
    throw logFault("log/corrupt", `the stored entry ${index} is not the one in the tree`);
  }
  return proveEntry(view, index, entry);
}

async function readEntry({ tiles }: LogSource, view: LogView, index: number): Promise<Bytes> {
  const bundle = bundleAt(view.checkpoint.size, Math.floor(index / tileWidth));
  const content =
    (await tiles.read(formatTilePath(bundle))) ?? (await tiles.read(formatTilePath(fullTileOf(bundle))));
  const entry = content && parseEntryBundle(content)[index % tileWidth];
  if (!entry) throw logFault("log/corrupt", `the stored entries lack entry ${index}`);
  return entry;
}

function bundleAt(size: number, index: number): EntryTile {
  return { kind: "entries", index, width: Math.min(tileWidth, size - index * tileWidth) };
}

/** True for a tile of which every hash (or entry) is under the published checkpoint. */
export function isPublished(tile: Tile, size: number): boolean {
  const level = tile.kind === "hashes" ? tile.level : 0;
  return tile.index * tileWidth + tile.width <= hashesAtLevel(size, level);
}
