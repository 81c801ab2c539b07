import { globSync, readFileSync } from "node:fs";

import { CustodyError, parseBase64 } from "custody/ground";

import {
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from "./index.ts";
import { hasher } from "./trees.testing.ts";

/** A vector of transparency-dev/merkle, as its file has it. */
export interface MerkleVector {
  readonly [field: string]: unknown;
  readonly desc: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
}

const verifiers = {
  inclusion: (v: MerkleVector) =>
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
  consistency: (v: MerkleVector) =>
    verifyConsistency(
      hasher,
      { size: numberOf(v, "size1"), rootHash: hashOf(v, "root1") },
      { size: numberOf(v, "size2"), rootHash: hashOf(v, "root2") },
      hashesOf(v),
    ),
  subtreeinclusion: (v: MerkleVector) =>
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
  subtreeconsistency: (v: MerkleVector) =>
    verifySubtreeConsistency(
      hasher,
      { range: { start: numberOf(v, "start"), end: numberOf(v, "end") }, hash: hashOf(v, "root1") },
      { size: numberOf(v, "size"), rootHash: hashOf(v, "root2") },
      hashesOf(v),
    ),
};

export type MerkleVectorKind = keyof typeof verifiers;
export const merkleVectorKinds = Object.keys(verifiers) as readonly MerkleVectorKind[];

/** The vectors of one kind below a folder, by their paths within it. */
export function readMerkleVectors(
  directory: string,
  kind: MerkleVectorKind,
): ReadonlyMap<string, MerkleVector> {
  const paths = globSync(`${kind}/**/*.json`, { cwd: directory }).toSorted();
  return new Map(
    paths.map((path) => [path, JSON.parse(readFileSync(`${directory}/${path}`, "utf8")) as MerkleVector]),
  );
}

/** Judges a vector; throws where the room says another thing than it must. */
export function checkMerkleVector(kind: MerkleVectorKind, vector: MerkleVector): void {
  const code = findRefusal(() => verifiers[kind](vector));
  const isWanted = !vector.wantErr && !hasShortRoot(vector);
  if (isWanted !== (code === undefined))
    throw new Error(`${vector.desc}: wanted ${isWanted ? "yes" : "no"}, got ${code ?? "yes"}`);
}

function findRefusal(verify: () => void): string | undefined {
  try {
    verify();
    return undefined;
  } catch (error) {
    if (error instanceof CustodyError && error.code.startsWith("merkle/")) return error.code;
    throw error;
  }
}

// One vector of each kind accepts a root of 12 bytes; Custody takes no hash that does not have 32.
function hasShortRoot(vector: MerkleVector): boolean {
  return vector["root1"] !== undefined && hashOf(vector, "root1").length !== 32;
}

function hashOf(vector: MerkleVector, field: string) {
  return parseBase64((vector[field] as string | null) ?? "");
}

function hashesOf(vector: MerkleVector) {
  return (vector.proof ?? []).map((hash) => parseBase64(hash));
}

function numberOf(vector: MerkleVector, field: string) {
  return vector[field] as number;
}
