import { merkleFault } from "./faults.ts";
import { hashBytes } from "./hash.ts";
import { checkTreeSize } from "./range.ts";

/** Hashes (or entries) in a full tile. */
export const tileWidth = 256;

// Trees have at most 2^53 − 1 leaves, so levels above 6 would be empty; tlog-tiles allows names up to 63.
const levelLimit = 7;

/** A tile of hashes: `width` of them, at tree height 8 × `level`, from `index` × 256 on. */
export interface HashTile {
  readonly kind: "hashes";
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** A bundle of entries: `width` of them, from `index` × 256 on. */
export interface EntryTile {
  readonly kind: "entries";
  readonly index: number;
  readonly width: number;
}

export type Tile = HashTile | EntryTile;

/**
 * The path of a tile below the log's prefix: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, with N in groups
 * of three digits (C2SP tlog-tiles, Merkle Tree).
 *
 * @example formatTilePath({ kind: "hashes", level: 0, index: 1234067, width: 256 }) // "tile/0/x001/x234/067"
 */
export function formatTilePath(tile: Tile): string {
  const level = tile.kind === "hashes" ? tile.level : "entries";
  const suffix = tile.width === tileWidth ? "" : `.p/${tile.width}`;
  return `tile/${level}/${formatIndex(tile.index)}${suffix}`;
}

function formatIndex(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
}

const syntax = /^tile\/(\d|entries)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/;

/**
 * The tile a path names; each tile has one path.
 *
 * @throws CustodyError `merkle/tile-path` for any other text.
 */
export function parseTilePath(path: string): Tile {
  const match = syntax.exec(path);
  const tile = match && tileOf(match[1] ?? "", match[2] ?? "", match[3]);
  if (!tile || !isTile(tile) || formatTilePath(tile) !== path) {
    throw merkleFault("merkle/tile-path", "the path does not name a tile", { subject: path.slice(0, 80) });
  }
  return tile;
}

function tileOf(level: string, groups: string, partialWidth: string | undefined): Tile {
  const index = Number(groups.replaceAll(/[x/]/g, ""));
  const width = partialWidth === undefined ? tileWidth : Number(partialWidth);
  return level === "entries"
    ? { kind: "entries", index, width }
    : { kind: "hashes", level: Number(level), index, width };
}

function isTile(tile: Tile): boolean {
  const isLevel = tile.kind === "entries" || tile.level < levelLimit;
  return isLevel && Number.isSafeInteger(tile.index) && tile.width >= 1 && tile.width <= tileWidth;
}

/** The full tile that a partial one becomes. */
export function fullTileOf<T extends Tile>(tile: T): T {
  return { ...tile, width: tileWidth };
}

/** How many bytes the content of a tile of hashes has. */
export function tileSizeBytes(tile: HashTile): number {
  return tile.width * hashBytes;
}

/** How many hashes a tree of `size` leaves has at a tile level: ⌊size / 256^level⌋. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** The partial tiles that a tree of `size` leaves ends in, from level 0 up; levels without one are left out. */
export function rightEdgeTiles(size: number): HashTile[] {
  checkTreeSize(size);
  const tiles: HashTile[] = [];
  for (let level = 0; hashesAtLevel(size, level) > 0; level++) {
    const count = hashesAtLevel(size, level);
    const width = count % tileWidth;
    if (width > 0) tiles.push({ kind: "hashes", level, index: Math.floor(count / tileWidth), width });
  }
  return tiles;
}
