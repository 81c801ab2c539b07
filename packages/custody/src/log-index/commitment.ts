import type { Bytes, Crypto, Signer } from "custody/ground";
import { parseBase64, toBase64 } from "custody/ground";
import { formatCheckpoint, signNote, verifyCheckpoint } from "custody/note";
import type { VerifierKey } from "custody/note";

import { indexFault } from "./faults.ts";

/** What a log's operator signs about its index: the index, and the tree of the log that it is of. */
export interface IndexCommitment {
  /** How many keys the index has, and its root. */
  readonly size: number;
  readonly rootHash: Bytes;
  /** The log's tree that was read for it. */
  readonly covers: { readonly size: number; readonly rootHash: Bytes };
}

/** The name of a log's index, under which its commitments are signed. */
export function indexOriginOf(logOrigin: string): string {
  return `${logOrigin}/index`;
}

/** The name of the log in which a log's commitments are on record. */
export function commitmentsOriginOf(logOrigin: string): string {
  return `${logOrigin}/index-commitments`;
}

/** A commitment as a checkpoint (C2SP tlog-checkpoint) whose extension line says of which tree it is: `covers SIZE ROOT`. */
export function signCommitment(
  hasher: Pick<Crypto, "sha256">,
  logOrigin: string,
  signer: Signer,
  { size, rootHash, covers }: IndexCommitment,
): Promise<string> {
  const origin = indexOriginOf(logOrigin);
  const extensions = [`covers ${covers.size} ${toBase64(covers.rootHash)}`];
  return signNote(hasher, origin, signer, formatCheckpoint({ origin, size, rootHash, extensions }));
}

/**
 * The commitment in a note that the log's key signed under the index's name.
 *
 * @throws CustodyError `log-index/commitment`, `note/…`.
 */
export async function verifyCommitment(
  crypto: Crypto,
  logOrigin: string,
  key: VerifierKey,
  note: string,
): Promise<IndexCommitment> {
  const origin = indexOriginOf(logOrigin);
  const { size, rootHash, extensions } = await verifyCheckpoint(crypto, note, { origin, logKey: key });
  const [, covered = "", root = ""] =
    /^covers (0|[1-9]\d{0,15}) ([A-Za-z0-9+/=]{44})$/.exec(extensions[0] ?? "") ?? [];
  if (extensions.length !== 1 || covered === "") {
    throw indexFault("log-index/commitment", "the commitment does not say of which tree it is");
  }
  return { size, rootHash, covers: { size: Number(covered), rootHash: parseBase64(root) } };
}
