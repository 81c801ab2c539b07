import { merkleFault } from "./faults.ts";
import { nodeHash } from "./hash.ts";
import type { Hasher } from "./hash.ts";
import type { InclusionProof } from "./inclusion.ts";
import { checkLeafIndex } from "./range.ts";

/** One hash of an inclusion proof, and what it makes of what is below it. */
export interface InclusionPathStep {
  readonly sibling: Uint8Array;
  /** On which side of what is below it the sibling stands. */
  readonly side: "left" | "right";
  readonly result: Uint8Array;
}

/**
 * The way from the leaf up to the root, step by step, for somebody who wants to see it (RFC 9162 §2.1.3.2). The last result is
 * {@link computeInclusionRoot}'s; the leaf itself is the root of a tree of one.
 *
 * @throws CustodyError `merkle/inclusion` when the proof has the wrong length; `merkle/range`.
 */
export function inclusionPath(
  hasher: Hasher,
  { index, treeSize, leafHash, hashes }: InclusionProof,
): InclusionPathStep[] {
  checkLeafIndex(index, treeSize);
  const steps: InclusionPathStep[] = [];
  let [node, last] = [index, treeSize - 1];
  let below = leafHash;
  for (const sibling of hashes) {
    if (last === 0) throw wrongLength();
    const isRight = node % 2 === 1 || node === last;
    below = isRight ? nodeHash(hasher, sibling, below) : nodeHash(hasher, below, sibling);
    steps.push({ sibling, side: isRight ? "left" : "right", result: below });
    if (isRight) [node, last] = climbEdge(node, last);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  if (last !== 0) throw wrongLength();
  return steps;
}

// At the right edge there are levels without a sibling.
function climbEdge(node: number, last: number): [number, number] {
  let [own, edge] = [node, last];
  while (own % 2 === 0 && own !== 0) [own, edge] = [Math.floor(own / 2), Math.floor(edge / 2)];
  return [own, edge];
}

function wrongLength(): Error {
  return merkleFault("merkle/inclusion", "the inclusion proof has the wrong length");
}
