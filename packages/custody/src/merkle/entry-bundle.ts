import { concatBytes } from "custody/ground";
import type { Bytes } from "custody/ground";

import { merkleFault } from "./faults.ts";
import { tileWidth } from "./tile.ts";

/** The most bytes that one entry may have: its length is written in 16 bits. */
export const entryLimitBytes = 65_535;

/**
 * The bytes of an entry bundle: each entry after its length, 16 bits big-endian (C2SP tlog-tiles, Log entries).
 *
 * @throws CustodyError `merkle/bundle` for an entry above 65,535 bytes, or other than 1 to 256 entries.
 */
export function formatEntryBundle(entries: readonly Uint8Array[]): Bytes {
  checkCount(entries.length);
  return concatBytes(...entries.flatMap((entry) => [formatLength(entry), entry]));
}

function formatLength(entry: Uint8Array): Bytes {
  if (entry.length > entryLimitBytes) {
    throw merkleFault("merkle/bundle", `an entry has ${entry.length} bytes, above ${entryLimitBytes}`);
  }
  return new Uint8Array([entry.length >> 8, entry.length & 0xff]);
}

/**
 * The entries of a bundle, to be checked against the leaf hashes of its level 0 tile.
 *
 * @throws CustodyError `merkle/bundle` when the bytes end within an entry, or hold other than 1 to 256 entries.
 */
export function parseEntryBundle(content: Uint8Array): Bytes[] {
  const entries: Bytes[] = [];
  for (let at = 0; at < content.length && entries.length <= tileWidth;) {
    const length = ((content[at] ?? 0) << 8) | (content[at + 1] ?? 0);
    const end = at + 2 + length;
    if (end > content.length) throw merkleFault("merkle/bundle", "the bundle ends within an entry");
    entries.push(content.slice(at + 2, end));
    at = end;
  }
  checkCount(entries.length);
  return entries;
}

function checkCount(count: number): void {
  if (count < 1 || count > tileWidth) {
    throw merkleFault("merkle/bundle", `a bundle holds 1 to ${tileWidth} entries`);
  }
}
