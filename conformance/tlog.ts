import { equalBytes } from "custody/ground";

import { rebuildTesseraTree } from "../packages/custody/src/merkle/tessera.testing.ts";
import {
  readTesseraCheckpoint,
  tesseraSizes,
  verifyTesseraCheckpoint,
} from "../packages/custody/src/note/tessera.testing.ts";
import type { VectorOutcome } from "./vector-outcome.ts";
import { judgeVector } from "./vector-outcome.ts";

/** Runs over the log in Tessera's testdata: its checkpoints verify, and its entries make its tiles and roots. */
export async function runTlogVectors(directory: string): Promise<readonly VectorOutcome[]> {
  const outcomes: VectorOutcome[] = [];
  for (const size of tesseraSizes) {
    outcomes.push(await judgeVector(`checkpoint.${size}`, () => checkCheckpoint(directory, size)));
    if (size > 0) outcomes.push(await judgeVector(`tiles of ${size}`, () => checkTree(directory, size)));
  }
  return outcomes;
}

async function checkCheckpoint(directory: string, size: number): Promise<void> {
  const found = await verifyTesseraCheckpoint(readTesseraCheckpoint(directory, size));
  if (found.size !== size) throw new Error(`it says ${found.size}`);
}

async function checkTree(directory: string, size: number): Promise<void> {
  const { rootHash } = await verifyTesseraCheckpoint(readTesseraCheckpoint(directory, size));
  if (!equalBytes(rebuildTesseraTree(directory, size), rootHash)) throw new Error("the root is another");
}
