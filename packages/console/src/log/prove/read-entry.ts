import { CustodyError, equalBytes, parseJson, toBase64, toHex } from "custody/ground";
import type { Bytes } from "custody/ground";
import {
  fullTileOf,
  hashesAtLevel,
  inclusionPath,
  leafHash,
  parseEntryBundle,
  tileWidth,
  verifyInclusion,
} from "custody/merkle";
import type { EntryTile } from "custody/merkle";
import { findLoggedStatement } from "custody/sigstore";

import type { EntryReport } from "../messages.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import type { ReadAnyTile } from "./tile-source.ts";
import { getCheckpoint, openTree } from "./trusted-log.ts";
import type { Prover } from "./trusted-log.ts";

/** An entry by its index, in the tree of a checkpoint. */
export interface EntryPlace {
  readonly origin: string | undefined;
  readonly checkpoint: string;
  readonly index: number;
}

/**
 * An entry and its way to the root, all worked out from tiles.
 *
 * @throws CustodyError `console/entry` where the log gives another entry than its tree holds; `merkle/range` where it has none of
 * that index; `merkle/…`, `note/…`, `console/tile`.
 */
export async function readEntry(
  prover: Prover,
  { origin, checkpoint, index }: EntryPlace,
): Promise<EntryReport> {
  const { crypto, readTile } = prover;
  const { size, rootHash } = await getCheckpoint(prover, origin, checkpoint);
  const tree = await openTree(prover, { size, rootHash });
  const leaf = await tree.leafHash(index);
  const [entry] = (await readEntries(readTile, size, Math.floor(index / tileWidth))).slice(index % tileWidth);
  if (!entry || !equalBytes(leafHash(crypto, entry), leaf)) throw otherEntry(index);
  const proof = { index, treeSize: size, leafHash: leaf, hashes: await tree.proveInclusion(index) };
  verifyInclusion(crypto, proof, rootHash);
  return {
    kind: "log-entry",
    checkpoint: await readCheckpoint(prover, origin, checkpoint),
    index,
    sizeBytes: entry.length,
    body: bodyOf(entry),
    says: findLoggedStatement(crypto, entry),
    leafHash: toHex(leaf),
    path: inclusionPath(crypto, proof).map(({ sibling, side, result }) => ({
      sibling: toHex(sibling),
      side,
      result: toHex(result),
    })),
  };
}

/**
 * The entries of a bundle as far as a tree goes, not yet held to anything. A log may drop a bundle that is not full once it is.
 *
 * @throws CustodyError `merkle/tile-missing`, `merkle/bundle`, `console/tile`.
 */
export async function readEntries(
  readTile: ReadAnyTile,
  size: number,
  index: number,
): Promise<readonly Bytes[]> {
  const width = Math.min(tileWidth, hashesAtLevel(size, 0) - index * tileWidth);
  const tile: EntryTile = { kind: "entries", index, width };
  const content = (await readTile(tile)) ?? (await readTile(fullTileOf(tile)));
  if (!content)
    throw new CustodyError("merkle/tile-missing", "the log does not have the bundle of that entry");
  return parseEntryBundle(content).slice(0, width);
}

function bodyOf(entry: Bytes): string {
  try {
    return JSON.stringify(parseJson(entry), undefined, 2);
  } catch (error) {
    if (error instanceof CustodyError) return toBase64(entry);
    throw error;
  }
}

function otherEntry(index: number): CustodyError {
  return new CustodyError("console/entry", `the log gives another entry ${index} than its tree holds`);
}
