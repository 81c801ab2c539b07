import { CustodyError, equalBytes, toHex } from "custody/ground";
import { verifyConsistency } from "custody/merkle";
import type { TreeHead } from "custody/merkle";

import type { ConsistencyReport, ShownHead } from "../messages.ts";
import { getCheckpoint, openTree } from "./trusted-log.ts";
import type { Prover } from "./trusted-log.ts";

type Outcome = ConsistencyReport["outcome"];

/**
 * How two checkpoints of one log stand to each other, whichever is the larger: proven from the log's tiles.
 *
 * @throws CustodyError `console/no-log`, `note/…` unless the log signed both; `console/tile` where tiles cannot be read.
 */
export async function proveConsistency(
  prover: Prover,
  origin: string | undefined,
  notes: readonly [string, string],
): Promise<ConsistencyReport> {
  const [a, b] = [
    await getCheckpoint(prover, origin, notes[0]),
    await getCheckpoint(prover, origin, notes[1]),
  ];
  const [older, newer] = a.size <= b.size ? [a, b] : [b, a];
  const outcome = await compareTrees(prover, older, newer);
  return { kind: "log-consistency", older: showHead(older), newer: showHead(newer), outcome };
}

/** As {@link proveConsistency}, of trees that the caller knows the log to have signed. The older is not the larger one. */
export async function compareTrees(prover: Prover, older: TreeHead, newer: TreeHead): Promise<Outcome> {
  if (older.size === newer.size) return compareRoots(older, newer);
  if (older.size === 0) return { kind: "consistent", hashes: [] };
  const tree = await openTree(prover, newer).catch(unproven);
  if ("kind" in tree) return tree;
  const hashes = await tree.proveConsistency(older.size).catch(unproven);
  return "kind" in hashes ? hashes : checkProof(prover, { older, newer }, hashes);
}

function compareRoots(a: TreeHead, b: TreeHead): Outcome {
  if (equalBytes(a.rootHash, b.rootHash)) return { kind: "consistent", hashes: [] };
  return { kind: "forked", message: `the log signed two different trees of ${a.size} entries` };
}

// The hashes are known to be of the newer tree: where they lead to another older one, the newer does not go on from it.
function checkProof(
  { crypto }: Prover,
  { older, newer }: { readonly older: TreeHead; readonly newer: TreeHead },
  hashes: readonly Uint8Array[],
): Outcome {
  try {
    verifyConsistency(crypto, older, newer, hashes);
    return { kind: "consistent", hashes: hashes.map((hash) => toHex(hash)) };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return {
      kind: "forked",
      message: `the tree of ${newer.size} entries does not begin with the tree of ${older.size} that the log signed before`,
    };
  }
}

function unproven(error: unknown): Extract<Outcome, { kind: "unproven" }> {
  if (error instanceof CustodyError && error.code.startsWith("merkle/"))
    return { kind: "unproven", code: error.code, message: error.message };
  throw error;
}

function showHead({ size, rootHash }: TreeHead): ShownHead {
  return { size, rootHash: toHex(rootHash) };
}
