import type { Bytes } from "custody/ground";

import { merkleFault } from "./faults.ts";
import type { MerkleFaultCode } from "./faults.ts";
import { checkHash, nodeHash } from "./hash.ts";
import type { Hasher } from "./hash.ts";
import { splitPoint } from "./range.ts";
import type { LeafRange } from "./range.ts";

// Inclusion and consistency are one proof: that a subtree, by its hash, belongs to a tree, by its root. Inclusion is
// the subtree of one leaf (RFC 6962 §2.1.1), consistency the subtree that starts at 0 (§2.1.2).

/** The ranges whose hashes, in this order, prove a subtree to a tree of `size` leaves. */
export function planSubtreeProof(subtree: LeafRange, size: number): LeafRange[] {
  return planWithin(subtree, { start: 0, end: size }, true);
}

function planWithin(subtree: LeafRange, tree: LeafRange, isKnown: boolean): LeafRange[] {
  if (subtree.start === tree.start && subtree.end === tree.end) return isKnown ? [] : [tree];
  const middle = tree.start + splitPoint(tree.end - tree.start);
  const left = { start: tree.start, end: middle };
  const right = { start: middle, end: tree.end };
  if (subtree.end <= middle) return [...planWithin(subtree, left, isKnown), right];
  if (subtree.start >= middle) return [...planWithin(subtree, right, isKnown), left];
  return [...planWithin({ start: middle, end: subtree.end }, right, false), left];
}

/** A claim that the subtree's hash belongs to the tree of `size` leaves, and its proof. */
export interface SubtreeClaim {
  readonly subtree: LeafRange;
  readonly size: number;
  readonly subtreeHash: Uint8Array;
  readonly hashes: readonly Uint8Array[];
}

/** What a proof's hashes come to; the proof is good when both are the hashes that were claimed. */
export interface ProvenHashes {
  readonly subtreeHash: Uint8Array;
  readonly rootHash: Uint8Array;
}

/**
 * The hashes that a proof leads to.
 *
 * @throws CustodyError the given code when the proof has too few or too many hashes; `merkle/hash`.
 */
export function computeProvenHashes(
  hasher: Hasher,
  claim: SubtreeClaim,
  code: MerkleFaultCode,
): ProvenHashes {
  checkHash(claim.subtreeHash);
  claim.hashes.forEach(checkHash);
  const plan = planSubtreeProof(claim.subtree, claim.size);
  if (plan.length !== claim.hashes.length) {
    throw merkleFault(code, `the proof has ${claim.hashes.length} hashes where ${plan.length} are needed`);
  }
  return new Evaluation(hasher, claim).evaluate(claim.subtree, { start: 0, end: claim.size }, true);
}

class Evaluation {
  readonly #hasher: Hasher;
  readonly #subtreeHash: Uint8Array;
  readonly #left: Uint8Array[];

  constructor(hasher: Hasher, claim: SubtreeClaim) {
    this.#hasher = hasher;
    this.#subtreeHash = claim.subtreeHash;
    this.#left = [...claim.hashes];
  }

  // Walks as planWithin does, and takes the hashes from the end, where the one nearest the root is.
  evaluate(subtree: LeafRange, tree: LeafRange, isKnown: boolean): ProvenHashes {
    if (subtree.start === tree.start && subtree.end === tree.end) {
      const hash = isKnown ? this.#subtreeHash : this.#take();
      return { subtreeHash: hash, rootHash: hash };
    }
    const middle = tree.start + splitPoint(tree.end - tree.start);
    return subtree.end <= middle
      ? this.#inLeft(subtree, { start: tree.start, end: middle }, isKnown)
      : this.#inRight(subtree, { start: middle, end: tree.end }, isKnown);
  }

  #inLeft(subtree: LeafRange, left: LeafRange, isKnown: boolean): ProvenHashes {
    const right = this.#take();
    const inner = this.evaluate(subtree, left, isKnown);
    return { subtreeHash: inner.subtreeHash, rootHash: this.#join(inner.rootHash, right) };
  }

  #inRight(subtree: LeafRange, right: LeafRange, isKnown: boolean): ProvenHashes {
    const left = this.#take();
    const isSpanning = subtree.start < right.start;
    const part = isSpanning ? { start: right.start, end: subtree.end } : subtree;
    const inner = this.evaluate(part, right, isKnown && !isSpanning);
    const subtreeHash = isSpanning ? this.#join(left, inner.subtreeHash) : inner.subtreeHash;
    return { subtreeHash, rootHash: this.#join(left, inner.rootHash) };
  }

  #join(left: Uint8Array, right: Uint8Array): Bytes {
    return nodeHash(this.#hasher, left, right);
  }

  #take(): Uint8Array {
    const hash = this.#left.pop();
    if (!hash) throw merkleFault("merkle/hash", "the proof ended early");
    return hash;
  }
}
