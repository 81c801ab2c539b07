import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { parseBase64 } from "custody/ground";

import { findVectors } from "../ground/vectors.testing.ts";
import {
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from "./index.ts";
import { hasher } from "./trees.testing.ts";

interface Vector {
  readonly [field: string]: unknown;
  readonly desc: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
}

const directory = findVectors("merkle");

function hashOf(vector: Vector, field: string) {
  return parseBase64((vector[field] as string | null) ?? "");
}

function hashesOf(vector: Vector) {
  return (vector.proof ?? []).map((hash) => parseBase64(hash));
}

function numberOf(vector: Vector, field: string) {
  return vector[field] as number;
}

// One vector of each kind accepts a root of 12 bytes; Custody takes no hash that does not have 32.
function hasShortRoot(vector: Vector) {
  return vector["root1"] !== undefined && hashOf(vector, "root1").length !== 32;
}

const verifiers: Record<string, (v: Vector) => void> = {
  inclusion: (v) =>
    verifyInclusion(
      hasher,
      {
        index: numberOf(v, "leafIdx"),
        treeSize: numberOf(v, "treeSize"),
        leafHash: hashOf(v, "leafHash"),
        hashes: hashesOf(v),
      },
      hashOf(v, "root"),
    ),
  consistency: (v) =>
    verifyConsistency(
      hasher,
      { size: numberOf(v, "size1"), rootHash: hashOf(v, "root1") },
      { size: numberOf(v, "size2"), rootHash: hashOf(v, "root2") },
      hashesOf(v),
    ),
  subtreeinclusion: (v) =>
    verifySubtreeInclusion(
      hasher,
      {
        index: numberOf(v, "leafIdx"),
        subtree: { start: numberOf(v, "start"), end: numberOf(v, "end") },
        leafHash: hashOf(v, "leafHash"),
        hashes: hashesOf(v),
      },
      hashOf(v, "root"),
    ),
  subtreeconsistency: (v) =>
    verifySubtreeConsistency(
      hasher,
      { range: { start: numberOf(v, "start"), end: numberOf(v, "end") }, hash: hashOf(v, "root1") },
      { size: numberOf(v, "size"), rootHash: hashOf(v, "root2") },
      hashesOf(v),
    ),
};

// At least so many; the whole of the suite has 98, 98, 204 and 118.
const atLeast: Record<string, number> = {
  inclusion: 75,
  consistency: 87,
  subtreeinclusion: 156,
  subtreeconsistency: 92,
};

for (const [kind, verify] of Object.entries(verifiers)) {
  test(
    `agrees with all ${kind} vectors of transparency-dev/merkle`,
    { skip: directory ? false : "the vectors are not on this machine" },
    () => {
      const paths = globSync(`${directory}/${kind}/**/*.json`);
      assert.ok(paths.length >= atLeast[kind]!, `only ${paths.length} vectors`);
      for (const path of paths) {
        const vector = JSON.parse(readFileSync(path, "utf8")) as Vector;
        const name = `${path.slice(directory!.length)}: ${vector.desc}`;
        if (vector.wantErr || hasShortRoot(vector))
          assert.throws(() => verify(vector), { code: /^merkle\// }, name);
        else assert.doesNotThrow(() => verify(vector), name);
      }
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
