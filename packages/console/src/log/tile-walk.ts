import { formatTilePath, hashesAtLevel, tileWidth } from "custody/merkle";

/** A level of a log's tiles, of a tree of some size. */
export interface TileLevel {
  readonly level: number;
  readonly hashes: number;
  readonly tiles: number;
  /** How many hashes the last tile has. */
  readonly lastWidth: number;
}

/** The levels that a tree has tiles at, from the leaves up. */
export function levelsOf(size: number): readonly TileLevel[] {
  const levels: TileLevel[] = [];
  for (let level = 0; hashesAtLevel(size, level) > 0; level++) {
    const hashes = hashesAtLevel(size, level);
    levels.push({
      level,
      hashes,
      tiles: Math.ceil(hashes / tileWidth),
      lastWidth: ((hashes - 1) % tileWidth) + 1,
    });
  }
  return levels;
}

/** Where a tile is. */
export interface TileName {
  readonly level: number;
  readonly index: number;
}

/** The tile's path below the log, as wide as the tree has it. */
export function tilePathIn(size: number, { level, index }: TileName): string {
  const width = Math.min(tileWidth, Math.max(1, hashesAtLevel(size, level) - index * tileWidth));
  return formatTilePath({ kind: "hashes", level, index, width });
}

/** The tile that lists a tile; undefined where none does, as at the tree's right edge. */
export function tileAbove(size: number, { level, index }: TileName): TileName | undefined {
  const above = { level: level + 1, index: Math.floor(index / tileWidth) };
  return index < hashesAtLevel(size, level + 1) ? above : undefined;
}

/** The entries that a hash of a tile stands for: the first, and the last. */
export function entriesOf({ level, index }: TileName, place: number): readonly [number, number] {
  const first = (index * tileWidth + place) * tileWidth ** level;
  return [first, first + tileWidth ** level - 1];
}
