import { CustodyError, equalBytes } from "custody/ground";
import { emptyRoot, verifyConsistency } from "custody/merkle";
import type { Hasher } from "custody/merkle";
import type { Checkpoint } from "custody/note";

import type { AddCheckpointRequest } from "./add-checkpoint.ts";

/** What a checkpoint, whose signature is good, is to a witness. */
export type Judgement =
  | { readonly kind: "consistent" }
  | { readonly kind: "malformed"; readonly message: string }
  /** The witness's tree has another size than the request says: this one. */
  | { readonly kind: "conflict"; readonly size: number }
  | { readonly kind: "inconsistent"; readonly message: string };

/**
 * Whether a checkpoint may follow the one that the witness cosigned last; undefined where there is none (C2SP
 * tlog-witness, add-checkpoint: its checks, in its order).
 */
export function judgeCheckpoint(
  hasher: Hasher,
  last: Checkpoint | undefined,
  next: Checkpoint,
  { oldSize, hashes }: Pick<AddCheckpointRequest, "oldSize" | "hashes">,
): Judgement {
  if (oldSize > next.size) return { kind: "malformed", message: "the old size is above the checkpoint's" };
  const size = last?.size ?? 0;
  if (oldSize !== size) return { kind: "conflict", size };
  if (next.size === 0 && !equalBytes(next.rootHash, emptyRoot(hasher))) {
    return inconsistent("the root of the empty tree is another");
  }
  if (!last || size === 0) {
    return hashes.length === 0
      ? { kind: "consistent" }
      : inconsistent("nothing can be proved about the empty tree");
  }
  return extendsTree(hasher, last, next, hashes);
}

function extendsTree(
  hasher: Hasher,
  last: Checkpoint,
  next: Checkpoint,
  hashes: AddCheckpointRequest["hashes"],
): Judgement {
  try {
    verifyConsistency(hasher, last, next, hashes);
    return { kind: "consistent" };
  } catch (error) {
    if (error instanceof CustodyError) return inconsistent(error.message);
    throw error;
  }
}

function inconsistent(message: string): Judgement {
  return { kind: "inconsistent", message };
}
