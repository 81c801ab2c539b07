import type { Bytes } from "custody/ground";
import { equalBytes } from "custody/ground";
import { formatTilePath, fullTileOf, leafHash, parseEntryBundle, tileWidth } from "custody/merkle";
import type { EntryTile, Hasher, TileReader } from "custody/merkle";

import type { LogReader } from "./ports.ts";

/** Entries of a log, each shown to be the tree's leaf of its index. */
export interface ReadEntries {
  readonly first: number;
  readonly entries: readonly Bytes[];
}

/** A log's entries by its tree, which is authenticated. */
export interface EntrySource {
  readonly hasher: Hasher;
  readonly log: LogReader;
  readonly tree: TileReader;
  readonly size: number;
}

/**
 * The entries from `first` to the end of their bundle; undefined when the bundle is missing or does not hold the
 * leaves of the tree.
 *
 * @throws CustodyError `merkle/bundle`, `merkle/tile-missing`, `merkle/tile-forged`, and what the reader throws.
 */
export async function findEntries(source: EntrySource, first: number): Promise<ReadEntries | undefined> {
  const { hasher, log, tree, size } = source;
  const index = Math.floor(first / tileWidth);
  const start = index * tileWidth;
  const width = Math.min(tileWidth, size - start);
  const content = await readBundle(log, { kind: "entries", index, width });
  const entries = content && parseEntryBundle(content).slice(0, width);
  if (!entries || entries.length < width) return undefined;
  for (const [i, entry] of entries.entries()) {
    if (!equalBytes(leafHash(hasher, entry), await tree.leafHash(start + i))) return undefined;
  }
  return { first, entries: entries.slice(first - start) };
}

// A log may drop a partial bundle once the full one is there.
async function readBundle(log: LogReader, bundle: EntryTile): Promise<Uint8Array | undefined> {
  const own = await log.read(formatTilePath(bundle));
  return own ?? (bundle.width < tileWidth ? log.read(formatTilePath(fullTileOf(bundle))) : undefined);
}
