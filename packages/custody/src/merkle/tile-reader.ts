import type { Bytes } from "custody/ground";

import type { TreeHead } from "./consistency.ts";
import { merkleFault } from "./faults.ts";
import { frontierOf, rootHashOf } from "./frontier.ts";
import type { Frontier } from "./frontier.ts";
import { isSameHash, nodeHash } from "./hash.ts";
import type { Hasher } from "./hash.ts";
import { checkLeafIndex, checkSubtree, checkTreeSize } from "./range.ts";
import type { LeafRange } from "./range.ts";
import { planSubtreeProof } from "./subtree-proof.ts";
import {
  formatTilePath,
  fullTileOf,
  hashesAtLevel,
  rightEdgeTiles,
  tileSizeBytes,
  tileWidth,
} from "./tile.ts";
import type { HashTile } from "./tile.ts";
import { findTileHash, parseTileContent } from "./tile-tree.ts";
import type { TileTree } from "./tile-tree.ts";

/** Reads a tile's bytes, or undefined where there is no such tile. What it returns is not trusted. */
export type ReadTile = (tile: HashTile) => Promise<Uint8Array | undefined>;

const cacheLimit = 128;
const tileHeight = 8;

/**
 * Proofs over the tree of one checkpoint, from tiles that need not be trusted: no hash of a tile is used before the
 * whole tile has been shown to belong to the checkpoint's root.
 */
export class TileReader {
  readonly #hasher: Hasher;
  readonly #readTile: ReadTile;
  readonly #frontier: Frontier;
  readonly #full = new Map<string, Promise<TileTree>>();

  /** A reader over a frontier that the caller trusts: its own, or one from {@link readFrontier}. */
  constructor(hasher: Hasher, frontier: Frontier, readTile: ReadTile) {
    this.#hasher = hasher;
    this.#frontier = frontier;
    this.#readTile = readTile;
  }

  /** The hash of one leaf. Throws as {@link proveInclusion}. */
  async leafHash(index: number): Promise<Bytes> {
    checkLeafIndex(index, this.#frontier.size);
    return this.#node(0, index);
  }

  /**
   * The hashes of an inclusion proof, from the leaf up (RFC 6962 §2.1.1).
   *
   * @throws CustodyError `merkle/range`, `merkle/tile-missing`, `merkle/tile-forged`.
   */
  async proveInclusion(index: number): Promise<Bytes[]> {
    checkLeafIndex(index, this.#frontier.size);
    return this.#prove({ start: index, end: index + 1 });
  }

  /** The hashes of a consistency proof from a smaller tree (RFC 6962 §2.1.2). Throws as {@link proveInclusion}. */
  async proveConsistency(olderSize: number): Promise<Bytes[]> {
    const subtree = { start: 0, end: olderSize };
    checkSubtree(subtree, this.#frontier.size);
    return olderSize === 0 ? [] : this.#prove(subtree);
  }

  /**
   * The hashes that a tile lists, none for one beyond the tree; the last of a level has those that the tree fills.
   * Throws as {@link proveInclusion}.
   */
  async tileHashes(level: number, index: number): Promise<readonly Bytes[]> {
    checkTreeSize(level);
    checkTreeSize(index);
    const isThere = index * tileWidth < hashesAtLevel(this.#frontier.size, level);
    return isThere ? ((await this.#tile(level, index)).rows[0] ?? []) : [];
  }

  async #prove(subtree: LeafRange): Promise<Bytes[]> {
    const plan = planSubtreeProof(subtree, this.#frontier.size);
    return Promise.all(plan.map((range) => this.#rangeHash(range)));
  }

  // A range that is not complete ends at the tree's right edge: fold the complete trees it is made of.
  async #rangeHash({ start, end }: LeafRange): Promise<Bytes> {
    const peaks: Promise<Bytes>[] = [];
    for (let at = start; at < end;) {
      const height = heightOfLargest(end - at);
      peaks.push(this.#node(height, at / 2 ** height));
      at += 2 ** height;
    }
    return (await Promise.all(peaks)).reduceRight((right, left) => nodeHash(this.#hasher, left, right));
  }

  async #node(height: number, index: number): Promise<Bytes> {
    const row = height % tileHeight;
    const perTile = tileWidth / 2 ** row;
    const tree = await this.#tile((height - row) / tileHeight, Math.floor(index / perTile));
    const hash = tree.rows[row]?.[index % perTile];
    if (!hash) throw merkleFault("merkle/range", "the tree has no such node");
    return hash;
  }

  #tile(level: number, index: number): Promise<TileTree> {
    const fullTiles = Math.floor(hashesAtLevel(this.#frontier.size, level) / tileWidth);
    const edge = index >= fullTiles ? this.#frontier.edge[level] : undefined;
    return edge ? Promise.resolve(edge) : this.#fullTile({ kind: "hashes", level, index, width: tileWidth });
  }

  #fullTile(tile: HashTile): Promise<TileTree> {
    const path = formatTilePath(tile);
    const found = this.#full.get(path);
    if (found) return found;
    const read = this.#authenticate(tile).catch((error: unknown) => {
      this.#full.delete(path);
      throw error;
    });
    if (this.#full.size >= cacheLimit) this.#full.delete(this.#full.keys().next().value ?? "");
    this.#full.set(path, read);
    return read;
  }

  // A full tile is good when its hash is what the tile above lists; the climb ends at the authenticated right edge.
  async #authenticate(tile: HashTile): Promise<TileTree> {
    const above = await this.#tile(tile.level + 1, Math.floor(tile.index / tileWidth));
    const listed = above.rows[0]?.[tile.index % tileWidth];
    const tree = parseTileContent(this.#hasher, await getTile(this.#readTile, tile));
    const hash = findTileHash(tree);
    if (!listed || !hash || !isSameHash(hash, listed)) throw forged(formatTilePath(tile));
    return tree;
  }
}

/**
 * The right edge of the tree that a checkpoint names, read from tiles and shown to lead to its root.
 *
 * @throws CustodyError `merkle/tile-missing`, or `merkle/tile-forged` when the tiles lead to another root.
 */
export async function readFrontier(hasher: Hasher, head: TreeHead, readTile: ReadTile): Promise<Frontier> {
  checkTreeSize(head.size);
  const tiles = rightEdgeTiles(head.size);
  const contents = await Promise.all(tiles.map((tile) => getTile(readTile, tile)));
  const trees = contents.map((content) => parseTileContent(hasher, content));
  const frontier = frontierOf(head.size, trees);
  if (!isSameHash(rootHashOf(hasher, frontier), head.rootHash)) {
    throw forged(tiles.map(formatTilePath).join(" "));
  }
  return frontier;
}

// A log may drop a partial tile once the full one is there; then the full one's beginning is the same.
async function getTile(readTile: ReadTile, tile: HashTile): Promise<Uint8Array> {
  const own = await readTile(tile);
  if (own) return checkedContent(tile, own);
  const full = tile.width < tileWidth ? await readTile(fullTileOf(tile)) : undefined;
  if (full) return checkedContent(fullTileOf(tile), full).subarray(0, tileSizeBytes(tile));
  throw merkleFault("merkle/tile-missing", "the log does not have a tile that its checkpoint needs", {
    subject: formatTilePath(tile),
  });
}

function checkedContent(tile: HashTile, content: Uint8Array): Uint8Array {
  if (content.length !== tileSizeBytes(tile)) throw forged(formatTilePath(tile));
  return content;
}

function forged(subject: string): Error {
  return merkleFault("merkle/tile-forged", "the tile does not belong to the checkpoint's tree", { subject });
}

function heightOfLargest(leaves: number): number {
  let height = 0;
  while (2 ** (height + 1) <= leaves) height++;
  return height;
}
