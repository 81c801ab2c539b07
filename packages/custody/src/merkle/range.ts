import { merkleFault } from "./faults.ts";

/** The leaves from `start` up to, not including, `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** @throws CustodyError `merkle/range` for anything but a whole number from 0 to 2^53 − 1. */
export function checkTreeSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw merkleFault("merkle/range", `${size} is not a tree size`);
  }
}

/** @throws CustodyError `merkle/range` unless the tree has a leaf of that index. */
export function checkLeafIndex(index: number, size: number): void {
  checkTreeSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw merkleFault("merkle/range", `a tree of ${size} leaves has no leaf ${index}`);
  }
}

/** @throws CustodyError `merkle/range` unless the range is one of the tree's subtrees, empty or not. */
export function checkSubtree(range: LeafRange, size: number): void {
  checkTreeSize(size);
  checkTreeSize(range.start);
  checkTreeSize(range.end);
  if (range.start > range.end || range.end > size || !isAligned(range)) {
    throw merkleFault(
      "merkle/range",
      `leaves ${range.start} to ${range.end} are no subtree of a tree of ${size}`,
    );
  }
}

// A subtree starts at a multiple of the least power of two that holds its leaves (Merkle Tree Certificates, §4.1).
function isAligned({ start, end }: LeafRange): boolean {
  return start % leastPowerOfTwo(end - start) === 0;
}

function leastPowerOfTwo(atLeast: number): number {
  let power = 1;
  while (power < atLeast) power *= 2;
  return power;
}

/** Where RFC 6962 §2.1 splits a tree of two leaves or more: the largest power of two below its size. */
export function splitPoint(size: number): number {
  return leastPowerOfTwo(size) / 2;
}
