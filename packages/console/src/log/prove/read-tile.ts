import { CustodyError, equalBytes, toHex } from "custody/ground";
import type { Bytes, Crypto } from "custody/ground";
import {
  appendLeaves,
  emptyFrontier,
  fullTileOf,
  hashesAtLevel,
  leafHash,
  rootHashOf,
  tileSizeBytes,
  tileWidth,
} from "custody/merkle";
import type { HashTile } from "custody/merkle";
import { findLoggedStatement } from "custody/sigstore";

import type { TilePlace, TileReport } from "../messages.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { readEntries } from "./read-entry.ts";
import { getCheckpoint, openTree } from "./trusted-log.ts";
import type { Prover } from "./trusted-log.ts";

/** A tile by level and index, in the tree of a checkpoint. */
export interface TileAddress {
  readonly origin: string | undefined;
  readonly checkpoint: string;
  readonly level: number;
  readonly index: number;
}

const hashBytes = 32;

/**
 * A tile as the log gives it, its hash worked out and held to what the tile above lists. One of the right edge has none above: the
 * edge as a whole leads to the root, or this throws.
 *
 * @throws CustodyError `console/no-tile` beyond the tree; `merkle/…`, `note/…`, `console/tile`.
 */
export async function readTileReport(prover: Prover, address: TileAddress): Promise<TileReport> {
  const { crypto } = prover;
  const { origin, checkpoint, level, index } = address;
  const head = await getCheckpoint(prover, origin, checkpoint);
  const tile = tileIn(head.size, level, index);
  const tree = await openTree(prover, head);
  const hashes = await readHashes(prover, tile);
  const hash = toHex(foldHashes(crypto, hashes));
  const isFull = tile.width === tileWidth;
  const above = isFull
    ? placeAbove(tile, await tree.tileHashes(level + 1, Math.floor(index / tileWidth)))
    : undefined;
  return {
    kind: "log-tile",
    checkpoint: await readCheckpoint(prover, origin, checkpoint),
    level,
    index,
    isFull,
    hashes: hashes.map((one) => toHex(one)),
    hash,
    above,
    belongs: above ? above.hash === hash : areEqual(hashes, await tree.tileHashes(level, index)),
    entries: level === 0 ? await showEntries(prover, head.size, { index, hashes }) : [],
  };
}

function tileIn(size: number, level: number, index: number): HashTile {
  const left = hashesAtLevel(size, level) - index * tileWidth;
  if (left > 0) return { kind: "hashes", level, index, width: Math.min(tileWidth, left) };
  throw new CustodyError(
    "console/no-tile",
    `a tree of ${size} entries has no tile ${index} at level ${level}`,
  );
}

async function readHashes({ readTile }: Prover, tile: HashTile): Promise<readonly Bytes[]> {
  const content = (await readTile(tile)) ?? (await readTile(fullTileOf(tile)));
  if (!content || content.length < tileSizeBytes(tile))
    throw new CustodyError("merkle/tile-missing", "the log does not have that tile, or not all of it");
  return Array.from(
    { length: tile.width },
    (_, i) => new Uint8Array(content.slice(i * hashBytes, (i + 1) * hashBytes)),
  );
}

// The hashes of a tile are folded as the leaves of a tree are.
function foldHashes(crypto: Crypto, hashes: readonly Bytes[]): Uint8Array {
  return rootHashOf(crypto, appendLeaves(crypto, emptyFrontier, hashes).frontier);
}

function placeAbove({ level, index }: HashTile, listed: readonly Bytes[]): TilePlace {
  const place = index % tileWidth;
  const hash = listed[place];
  return {
    level: level + 1,
    index: Math.floor(index / tileWidth),
    place,
    hash: hash ? toHex(hash) : "",
  };
}

function areEqual(a: readonly Bytes[], b: readonly Bytes[]): boolean {
  return a.length === b.length && a.every((hash, i) => equalBytes(hash, b[i] ?? new Uint8Array()));
}

async function showEntries(
  { crypto, readTile }: Prover,
  size: number,
  { index, hashes }: { readonly index: number; readonly hashes: readonly Bytes[] },
): Promise<TileReport["entries"]> {
  const entries = await readEntries(readTile, size, index);
  return hashes.map((hash, i) => {
    const entry = entries[i];
    if (!entry) return { line: "", holds: false };
    const says = findLoggedStatement(crypto, entry);
    return {
      line: says ? `${says.kind} ${says.digest}` : `${entry.length} bytes`,
      holds: equalBytes(leafHash(crypto, entry), hash),
    };
  });
}
