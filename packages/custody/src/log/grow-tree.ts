import type { Bytes } from "custody/ground";
import {
  appendLeaves,
  formatEntryBundle,
  formatTilePath,
  leafHash,
  rootHashOf,
  tileWidth,
} from "custody/merkle";
import type { Frontier, Hasher } from "custody/merkle";

/** A tree with what the next step of growing needs: its frontier, and the entries of its last, partial bundle. */
export interface GrowingTree {
  readonly frontier: Frontier;
  readonly tail: readonly Bytes[];
}

interface TreeFile {
  readonly path: string;
  readonly content: Bytes;
}

export interface GrownTree extends GrowingTree {
  readonly rootHash: Bytes;
  /** To be written before the checkpoint is signed. */
  readonly files: readonly TreeFile[];
}

/** The tree with more entries, and every file that its publication needs (C2SP tlog-tiles). */
export function growTree(hasher: Hasher, tree: GrowingTree, entries: readonly Bytes[]): GrownTree {
  const hashes = entries.map((entry) => leafHash(hasher, entry));
  const { frontier, tiles } = appendLeaves(hasher, tree.frontier, hashes);
  const bundles = planBundles(tree, entries);
  const last = bundles.at(-1)?.entries ?? tree.tail;
  return {
    frontier,
    tail: last.length === tileWidth ? [] : last,
    rootHash: rootHashOf(hasher, frontier),
    files: [
      ...bundles.map(bundleFile),
      ...tiles.map(({ tile, content }) => ({ path: formatTilePath(tile), content })),
    ],
  };
}

interface PlannedBundle {
  readonly index: number;
  readonly entries: readonly Bytes[];
}

function planBundles({ frontier, tail }: GrowingTree, added: readonly Bytes[]): PlannedBundle[] {
  if (added.length === 0) return [];
  const entries = [...tail, ...added];
  const first = Math.floor(frontier.size / tileWidth);
  const count = Math.ceil(entries.length / tileWidth);
  return Array.from({ length: count }, (_, i) => ({
    index: first + i,
    entries: entries.slice(i * tileWidth, (i + 1) * tileWidth),
  }));
}

function bundleFile({ index, entries }: PlannedBundle): TreeFile {
  const path = formatTilePath({ kind: "entries", index, width: entries.length });
  return { path, content: formatEntryBundle(entries) };
}
