import type { Crypto, Instant } from "custody/ground";
import { canonicalJson, equalBytes, isWithin, toBase64, toHex } from "custody/ground";
import { leafHash, verifyInclusion } from "custody/merkle";
import type { Checkpoint } from "custody/note";

import type { BundleVersion, EntryProof, TransparencyLogEntry } from "./bundle.ts";
import type { Check } from "./check.ts";
import { attempt } from "./reasons.ts";
import type { RootLog } from "./trusted-root.ts";

/** An entry that a trusted log holds, and when the log says it took it in. */
export interface LoggedEntry {
  readonly log: RootLog | undefined;
  readonly index: number;
  /** Only where the log signed for it. */
  readonly integratedTime: Instant | undefined;
}

/** Demands that a trusted log promises or proves the entry: what bundles of that version must bring, and all they bring. */
export async function verifyInclusionOf(
  check: Check,
  entry: TransparencyLogEntry,
  { version, stamped }: { readonly version: BundleVersion; readonly stamped: readonly Instant[] },
): Promise<LoggedEntry> {
  const integratedTime = entry.promise && entry.integratedTime;
  const log = findLog(check, entry, integratedTime === undefined ? stamped : [integratedTime]);
  check.demand(
    !!log,
    "sigstore/log-unknown",
    `no trusted log has the id ${toHex(entry.logId).slice(0, 16)}…`,
  );
  check.demand(
    entry.promise !== undefined || version !== "0.1",
    "sigstore/promise-missing",
    "a v0.1 bundle's log entry has a signed entry timestamp",
  );
  check.demand(
    entry.proof?.checkpoint !== undefined || version === "0.1",
    "sigstore/proof-missing",
    "the log entry has no inclusion proof with a checkpoint",
  );
  if (entry.promise && log) await verifyPromise(check, entry, log);
  if (entry.proof) await verifyProof(check, entry, entry.proof, log);
  return { log, index: entry.index, integratedTime };
}

// The log's own signed time decides whether its key was trusted then; without one, every time that others signed.
function findLog(check: Check, entry: TransparencyLogEntry, times: readonly Instant[]): RootLog | undefined {
  const known = check.root.logs.filter(({ logId }) => equalBytes(logId, entry.logId));
  const inTime = known.find(({ validFor }) => times.every((time) => isWithin(time, validFor)));
  check.demand(
    inTime !== undefined || known.length === 0,
    "sigstore/log-window",
    "the log's key was not trusted at the time of the entry",
  );
  return inTime ?? known[0];
}

/** What the signed entry timestamp covers: canonical JSON of the entry, its place and its time (Rekor v1). */
function promised({ body, integratedTime, logId, index }: TransparencyLogEntry): Uint8Array<ArrayBuffer> {
  return canonicalJson({
    body: toBase64(body),
    integratedTime: (integratedTime ?? 0) / 1000,
    logID: toHex(logId),
    logIndex: index,
  });
}

async function verifyPromise(check: Check, entry: TransparencyLogEntry, log: RootLog): Promise<void> {
  const { promise, integratedTime } = entry;
  const isKept =
    promise !== undefined &&
    integratedTime !== undefined &&
    (await check.crypto.verify(log.publicKey, promise, promised(entry)));
  check.demand(isKept, "sigstore/promise-invalid", "the signed entry timestamp is not the log's");
}

async function verifyProof(
  check: Check,
  entry: TransparencyLogEntry,
  proof: EntryProof,
  log: RootLog | undefined,
): Promise<void> {
  const checkpoint =
    proof.checkpoint !== undefined && log
      ? await check.seen.checkpoint(check.crypto, proof.checkpoint, log)
      : undefined;
  check.demand(
    proof.checkpoint === undefined || isOf(checkpoint, proof),
    "sigstore/checkpoint-invalid",
    "the checkpoint is not the log's, or of another tree than the proof",
  );
  check.demand(
    isProven(check.crypto, entry, proof),
    "sigstore/proof-invalid",
    "the inclusion proof does not lead from the entry to the root",
  );
}

function isOf(checkpoint: Checkpoint | undefined, { treeSize, rootHash }: EntryProof): boolean {
  return (
    checkpoint !== undefined && checkpoint.size === treeSize && equalBytes(checkpoint.rootHash, rootHash)
  );
}

function isProven(crypto: Crypto, { body }: TransparencyLogEntry, proof: EntryProof): boolean {
  const { index, treeSize, hashes, rootHash } = proof;
  const claim = { index, treeSize, hashes, leafHash: leafHash(crypto, body) };
  return attempt(() => (verifyInclusion(crypto, claim, rootHash), true)) === true;
}
