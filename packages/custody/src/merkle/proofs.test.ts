import assert from "node:assert/strict";
import { test } from "node:test";

import { findVectors } from "../ground/vectors.testing.ts";
import { verifyConsistency, verifyInclusion } from "./index.ts";
import { hasher } from "./trees.testing.ts";
import { checkMerkleVector, merkleVectorKinds, readMerkleVectors } from "./vectors.testing.ts";

const directory = findVectors("merkle");

// At least so many; the whole of the suite has 98, 98, 204 and 118.
const atLeast: Record<string, number> = {
  inclusion: 75,
  consistency: 87,
  subtreeinclusion: 156,
  subtreeconsistency: 92,
};

for (const kind of merkleVectorKinds) {
  test(
    `agrees with all ${kind} vectors of transparency-dev/merkle`,
    { skip: directory ? false : "the vectors are not on this machine" },
    () => {
      const vectors = readMerkleVectors(directory ?? "", kind);
      assert.ok(vectors.size >= atLeast[kind]!, `only ${vectors.size} vectors`);
      for (const vector of vectors.values()) checkMerkleVector(kind, vector);
    },
  );
}

const hash = new Uint8Array(32);

test("refuses sizes and indices that are not whole numbers below 2^53", () => {
  const check = (index: number, treeSize: number) =>
    assert.throws(() => verifyInclusion(hasher, { index, treeSize, leafHash: hash, hashes: [] }, hash), {
      code: "merkle/range",
    });
  check(0.5, 1);
  check(-1, 1);
  check(0, 2 ** 53);
  check(Number.NaN, 1);
  check(0, Number.POSITIVE_INFINITY);
  check(1, 1);
});

test("refuses hashes that do not have 32 bytes, wherever they stand", () => {
  const short = new Uint8Array(31);
  const proof = { index: 0, treeSize: 2, leafHash: hash, hashes: [hash] };
  const expected = { code: "merkle/hash" };
  assert.throws(() => verifyInclusion(hasher, { ...proof, leafHash: short }, hash), expected);
  assert.throws(() => verifyInclusion(hasher, { ...proof, hashes: [short] }, hash), expected);
  const single = { index: 0, treeSize: 1, leafHash: hash, hashes: [] };
  assert.throws(() => verifyInclusion(hasher, single, new Uint8Array(33)), { code: "merkle/inclusion" });
});

test("proves nothing about an empty older tree", () => {
  const empty = { size: 0, rootHash: hasher.sha256(new Uint8Array()) };
  assert.throws(() => verifyConsistency(hasher, empty, { size: 1, rootHash: hash }, []), {
    code: "merkle/range",
  });
});
