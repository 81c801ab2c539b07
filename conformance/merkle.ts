import {
  checkMerkleVector,
  merkleVectorKinds,
  readMerkleVectors,
} from "../packages/custody/src/merkle/vectors.testing.ts";
import type { VectorOutcome } from "./vector-outcome.ts";
import { judgeVector } from "./vector-outcome.ts";

/** Runs the proofs of transparency-dev/merkle's testdata, each of which is right or must be refused. */
export async function runMerkleVectors(directory: string): Promise<readonly VectorOutcome[]> {
  const outcomes: VectorOutcome[] = [];
  for (const kind of merkleVectorKinds) {
    for (const [path, vector] of readMerkleVectors(directory, kind))
      outcomes.push(await judgeVector(path, () => checkMerkleVector(kind, vector)));
  }
  return outcomes;
}
