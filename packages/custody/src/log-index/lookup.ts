import type { Bytes } from "custody/ground";
import { equalBytes, toHex } from "custody/ground";
import { leafHash, verifyInclusion } from "custody/merkle";
import type { Hasher } from "custody/merkle";

import { indexFault } from "./faults.ts";
import type { LeafProof, LookupProof, Positions } from "./index-tree.ts";

/** The tree that an answer is held to. */
export interface IndexRoot {
  readonly size: number;
  readonly rootHash: Bytes;
}

const keyBytes = 32;
const positionBytes = 8;

/**
 * The positions that the index of this root has for a key: none, if it has no such key.
 *
 * @throws CustodyError `log-index/proof` for a proof that does not show it; `merkle/…`.
 */
export function verifyLookup(hasher: Hasher, root: IndexRoot, key: Bytes, proof: LookupProof): Positions {
  if (proof.kind === "present") {
    const { key: found, positions } = verifyLeaf(hasher, root, proof.at);
    if (!equalBytes(found, key)) throw indexFault("log-index/proof", "the proof is of another key");
    return positions;
  }
  const [before, after] = [proof.before, proof.after].map((leaf) => leaf && verifyLeaf(hasher, root, leaf));
  const isBetween =
    (before === undefined || toHex(before.key) < toHex(key)) &&
    (after === undefined || toHex(key) < toHex(after.key));
  if (!isBetween || !areNeighbours(root, proof)) {
    throw indexFault("log-index/proof", "the proof does not show that the index has no such key");
  }
  return [];
}

// Side by side, or the first, or the last, or none in a tree of none.
function areNeighbours({ size }: IndexRoot, { before, after }: LookupProof & { kind: "absent" }): boolean {
  if (before && after) return after.place === before.place + 1;
  if (after) return after.place === 0;
  return before ? before.place === size - 1 : size === 0;
}

function verifyLeaf(
  hasher: Hasher,
  { size, rootHash }: IndexRoot,
  { place, leaf, hashes }: LeafProof,
): { readonly key: Bytes; readonly positions: Positions } {
  verifyInclusion(
    hasher,
    { index: place, treeSize: size, leafHash: leafHash(hasher, leaf), hashes },
    rootHash,
  );
  return parseLeaf(leaf);
}

/** The positions that a proof shows, not yet verified. @throws CustodyError `log-index/proof`. */
export function positionsIn(proof: LookupProof): Positions {
  return proof.kind === "present" ? parseLeaf(proof.at.leaf).positions : [];
}

function parseLeaf(leaf: Bytes): { readonly key: Bytes; readonly positions: Positions } {
  const rest = leaf.length - keyBytes;
  if (rest <= 0 || rest % positionBytes !== 0)
    throw indexFault("log-index/proof", "a leaf of the index is malformed");
  const view = new DataView(leaf.buffer, leaf.byteOffset + keyBytes, rest);
  const positions = Array.from({ length: rest / positionBytes }, (_, i) =>
    Number(view.getBigUint64(i * positionBytes)),
  );
  const isRising = positions.every((position, i) => i === 0 || position > (positions[i - 1] ?? position));
  if (!isRising || !positions.every(Number.isSafeInteger)) {
    throw indexFault("log-index/proof", "the positions in a leaf of the index do not rise");
  }
  return { key: leaf.slice(0, keyBytes), positions };
}
