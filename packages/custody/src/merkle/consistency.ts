import { merkleFault } from "./faults.ts";
import { emptyRoot, isSameHash } from "./hash.ts";
import type { Hasher } from "./hash.ts";
import { checkSubtree, checkTreeSize } from "./range.ts";
import type { LeafRange } from "./range.ts";
import { computeProvenHashes } from "./subtree-proof.ts";

/** A tree by its size and root hash. */
export interface TreeHead {
  readonly size: number;
  readonly rootHash: Uint8Array;
}

/**
 * Returns when the newer tree holds every leaf of the older one, in place (RFC 6962 §2.1.2).
 *
 * @throws CustodyError `merkle/consistency` when the proof does not show that; `merkle/range` when the older tree is
 * empty (every tree extends it, so a proof would say nothing) or larger; `merkle/hash`.
 */
export function verifyConsistency(
  hasher: Hasher,
  older: TreeHead,
  newer: TreeHead,
  hashes: readonly Uint8Array[],
): void {
  checkTreeSize(older.size);
  if (older.size === 0) throw merkleFault("merkle/range", "nothing can be proved about the empty tree");
  const subtree = { range: { start: 0, end: older.size }, hash: older.rootHash };
  verifySubtreeConsistency(hasher, subtree, newer, hashes);
}

/** A subtree by its leaves and its hash. */
export interface SubtreeHead {
  readonly range: LeafRange;
  readonly hash: Uint8Array;
}

/** As {@link verifyConsistency}, for any subtree of the tree (Merkle Tree Certificates, §4.4). */
export function verifySubtreeConsistency(
  hasher: Hasher,
  subtree: SubtreeHead,
  tree: TreeHead,
  hashes: readonly Uint8Array[],
): void {
  checkSubtree(subtree.range, tree.size);
  const isEmpty = subtree.range.start === subtree.range.end;
  const isProven = isEmpty
    ? hashes.length === 0 && isSameHash(emptyRoot(hasher), subtree.hash)
    : leadsToBoth(hasher, subtree, tree, hashes);
  if (isProven) return;
  throw merkleFault("merkle/consistency", "the proof does not show that the newer tree extends the older", {
    details: { older: subtree.range.end, newer: tree.size },
  });
}

function leadsToBoth(
  hasher: Hasher,
  subtree: SubtreeHead,
  tree: TreeHead,
  hashes: readonly Uint8Array[],
): boolean {
  const claim = { subtree: subtree.range, size: tree.size, subtreeHash: subtree.hash, hashes };
  const proven = computeProvenHashes(hasher, claim, "merkle/consistency");
  return isSameHash(proven.subtreeHash, subtree.hash) && isSameHash(proven.rootHash, tree.rootHash);
}
