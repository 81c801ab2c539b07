import type { Crypto } from "custody/ground";

import { parseCheckpoint } from "./checkpoint.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { noteFault } from "./faults.ts";
import type { VerifierKey } from "./verifier-key.ts";
import { verifyNote } from "./verify-note.ts";
import type { NoteSigner } from "./verify-note.ts";

/** Whose checkpoints are taken: the log's origin and key, and the witnesses whose cosignatures are read. */
export interface CheckpointTrust {
  readonly origin: string;
  readonly logKey: VerifierKey;
  readonly witnessKeys?: readonly VerifierKey[];
}

export interface VerifiedCheckpoint extends Checkpoint {
  /** The note as it came, to be kept or shown to others. */
  readonly note: string;
  /** The witnesses that cosigned, each once, with their times. */
  readonly witnesses: readonly NoteSigner[];
}

/**
 * The checkpoint in a note that the log itself signed; witnesses alone do not make a checkpoint.
 *
 * @throws CustodyError `note/origin` for another log's checkpoint, `note/unsigned` without the log's signature (ML-DSA-44
 * signs no extension lines), `note/signature` when it or a known witness's is bad; `note/checkpoint`, `note/syntax`,
 * `note/limit`.
 */
export async function verifyCheckpoint(
  crypto: Crypto,
  note: string,
  trust: CheckpointTrust,
): Promise<VerifiedCheckpoint> {
  const { text, signers } = await verifyNote(crypto, note, [trust.logKey, ...(trust.witnessKeys ?? [])]);
  if (!signers.some(({ key }) => key === trust.logKey)) {
    throw noteFault("note/unsigned", "the log did not sign the checkpoint", { subject: trust.origin });
  }
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== trust.origin) {
    throw noteFault("note/origin", "the checkpoint is another log's", { subject: checkpoint.origin });
  }
  if (trust.logKey.type === "subtree/v1" && checkpoint.extensions.length > 0) {
    throw noteFault("note/unsigned", "the log's kind of key signs no extension lines", {
      subject: trust.origin,
    });
  }
  return { ...checkpoint, note, witnesses: signers.filter(({ key }) => key !== trust.logKey) };
}
