import { merkleFault } from "./faults.ts";
import { isSameHash } from "./hash.ts";
import type { Hasher } from "./hash.ts";
import { checkLeafIndex, checkSubtree } from "./range.ts";
import type { LeafRange } from "./range.ts";
import { computeProvenHashes } from "./subtree-proof.ts";

/** That the leaf of an index, by its hash, is in the tree of `treeSize` leaves. */
export interface InclusionProof {
  readonly index: number;
  readonly treeSize: number;
  readonly leafHash: Uint8Array;
  /** From the leaf up to the root (RFC 6962 §2.1.1). */
  readonly hashes: readonly Uint8Array[];
}

/**
 * Returns when the proof leads from the leaf to the root (RFC 6962 §2.1.1).
 *
 * @throws CustodyError `merkle/inclusion` when it leads elsewhere or has the wrong length; `merkle/range` when the
 * tree has no such leaf; `merkle/hash` when a hash does not have 32 bytes.
 */
export function verifyInclusion(hasher: Hasher, proof: InclusionProof, rootHash: Uint8Array): void {
  if (!isSameHash(computeInclusionRoot(hasher, proof), rootHash)) {
    throw merkleFault("merkle/inclusion", "the inclusion proof does not lead to the root", {
      details: { index: proof.index, treeSize: proof.treeSize },
    });
  }
}

/** The root that an inclusion proof leads to, to be compared with a signed one. Throws as {@link verifyInclusion}. */
export function computeInclusionRoot(hasher: Hasher, proof: InclusionProof): Uint8Array {
  checkLeafIndex(proof.index, proof.treeSize);
  const claim = {
    subtree: { start: proof.index, end: proof.index + 1 },
    size: proof.treeSize,
    subtreeHash: proof.leafHash,
    hashes: proof.hashes,
  };
  return computeProvenHashes(hasher, claim, "merkle/inclusion").rootHash;
}

/** As {@link InclusionProof}, in a subtree that need not start at leaf 0; `index` counts in the whole tree. */
export interface SubtreeInclusionProof extends Omit<InclusionProof, "treeSize"> {
  readonly subtree: LeafRange;
}

/** As {@link verifyInclusion}, to the hash of a subtree (Merkle Tree Certificates, §4.3). */
export function verifySubtreeInclusion(
  hasher: Hasher,
  proof: SubtreeInclusionProof,
  subtreeHash: Uint8Array,
): void {
  const { start, end } = proof.subtree;
  checkSubtree(proof.subtree, end);
  verifyInclusion(hasher, { ...proof, index: proof.index - start, treeSize: end - start }, subtreeHash);
}
