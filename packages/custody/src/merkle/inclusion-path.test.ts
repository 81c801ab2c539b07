import assert from "node:assert/strict";
import { test } from "node:test";

import { toHex } from "custody/ground";

import { computeInclusionRoot, inclusionPath } from "./index.ts";
import { hasher } from "./trees.testing.ts";

const hashOf = (n: number): Uint8Array => hasher.sha256(new Uint8Array([n]));

/** As many hashes as the proof of this leaf has: any will do, the way is the same. */
function proofOf(index: number, treeSize: number): { index: number; treeSize: number; hashes: Uint8Array[] } {
  let [node, last, count] = [index, treeSize - 1, 0];
  for (; last > 0; [node, last] = [node >> 1, last >> 1]) if (node % 2 === 1 || node !== last) count++;
  return { index, treeSize, hashes: Array.from({ length: count }, (_, i) => hashOf(i)) };
}

test("ends where the verifier's own computation does, for every leaf of every tree up to 70", () => {
  for (let treeSize = 1; treeSize <= 70; treeSize++) {
    for (let index = 0; index < treeSize; index++) {
      const proof = { ...proofOf(index, treeSize), leafHash: hashOf(255) };
      const path = inclusionPath(hasher, proof);
      assert.equal(path.length, proof.hashes.length);
      const last = path.at(-1)?.result ?? proof.leafHash;
      assert.equal(toHex(last), toHex(computeInclusionRoot(hasher, proof)), `${index} of ${treeSize}`);
    }
  }
});

test("refuses a proof that is too long or too short, as the verifier does", () => {
  const proof = { ...proofOf(5, 11), leafHash: hashOf(255) };
  for (const hashes of [proof.hashes.slice(1), [...proof.hashes, hashOf(9)]]) {
    for (const compute of [inclusionPath, computeInclusionRoot])
      assert.throws(() => compute(hasher, { ...proof, hashes }), { code: "merkle/inclusion" });
  }
});
