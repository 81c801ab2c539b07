import type { Envelope } from "custody/dsse";
import type { Bytes, Crypto, Instant, PublicKey } from "custody/ground";
import { canonicalJson, CustodyError, equalBytes, isWithin, toBase64 } from "custody/ground";
import { leafHash, verifyInclusion } from "custody/merkle";
import { verifyCheckpoint } from "custody/note";

import type { Bundle, BundleLogEntry } from "./bundle.ts";
import type { Certificate } from "./certificate.ts";
import type { Examination } from "./examination.ts";
import { logKeyOf } from "./log-key.ts";
import type { TrustedLog, TrustedRoot } from "./trusted-root.ts";
import { judgeWitnesses } from "./witness-demand.ts";

/** Where in which log an attestation stands. */
export interface LogPosition {
  readonly origin: string;
  readonly index: number;
  /** The tree that the log signed with the entry in it. */
  readonly tree: { readonly size: number; readonly rootHash: Bytes };
}

const keyDetails: Readonly<Partial<Record<PublicKey["scheme"], string>>> = {
  "ecdsa-p256-sha256": "PKIX_ECDSA_P256_SHA_256",
  "ecdsa-p384-sha384": "PKIX_ECDSA_P384_SHA_384",
};

export const dsseEntryKind = "dsse";
export const dsseEntryVersion = "0.0.2";

/**
 * The log entry of an envelope: Rekor v2's `dsse` 0.0.2, canonical JSON (protobuf-specs, `rekor/v2/dsse.proto`). It
 * holds hashes, the signature and the certificate, never the payload.
 */
export function formatDsseEntry(
  crypto: Pick<Crypto, "sha256">,
  envelope: Envelope,
  certificate: Certificate,
): Bytes {
  return canonicalJson({
    apiVersion: dsseEntryVersion,
    kind: dsseEntryKind,
    spec: {
      dsseV002: {
        payloadHash: { algorithm: "SHA2_256", digest: toBase64(crypto.sha256(envelope.payload)) },
        signatures: envelope.signatures.map(({ sig }) => ({
          content: toBase64(sig),
          verifier: {
            keyDetails: keyDetails[certificate.publicKey.scheme],
            x509Certificate: { rawBytes: toBase64(certificate.der) },
          },
        })),
      },
    },
  });
}

/**
 * Demands that the bundle stands in a trusted log: an entry that is byte for byte this bundle's, included under a
 * checkpoint which that log signed. Another bundle's good entry does not count (CVE-2026-22703).
 */
export async function verifyLogEntries(
  crypto: Crypto,
  bundle: Bundle,
  root: TrustedRoot,
  { examination, subject, at }: { examination: Examination; subject: string; at: Instant },
): Promise<LogPosition | undefined> {
  const [entry] = bundle.logEntries;
  examination.demand(!!entry, "evidence/log-entry-missing", subject, "the bundle has no log entry");
  if (!entry) return undefined;
  const body = formatDsseEntry(crypto, bundle.envelope, bundle.certificate);
  examination.demand(
    entry.kind === dsseEntryKind &&
      entry.version === dsseEntryVersion &&
      equalBytes(body, entry.canonicalizedBody),
    "evidence/log-entry-mismatch",
    subject,
    `the log entry ${entry.index} is another bundle's`,
  );
  const log = root.logs.find(({ logId }) => equalBytes(logId, entry.logId));
  const signedRoot = log && (await findSignedRoot(crypto, entry, log));
  examination.demand(!!signedRoot, "evidence/log-untrusted", subject, "no trusted log signed the checkpoint");
  examination.demand(
    !log || isWithin(at, log.validFor),
    "evidence/log-window",
    subject,
    "the log's key was not trusted when the signature was made",
  );
  const rootHash = signedRoot ?? entry.proof.rootHash;
  const isIncluded = isLeafOf(crypto, entry, rootHash);
  examination.demand(isIncluded, "evidence/log-proof-invalid", subject, "the inclusion proof does not hold");
  if (log)
    await demandWitnesses(crypto, { entry, log, witnesses: root.witnesses }, { examination, subject, at });
  return { origin: log?.origin ?? "", index: entry.index, tree: { size: entry.proof.treeSize, rootHash } };
}

interface Witnessing {
  readonly entry: BundleLogEntry;
  readonly log: TrustedLog;
  readonly witnesses: TrustedRoot["witnesses"];
}

// A log alone can show each verifier another tree; it cannot have its witnesses cosign two.
async function demandWitnesses(
  crypto: Crypto,
  { entry, log, witnesses }: Witnessing,
  { examination, subject, at }: { examination: Examination; subject: string; at: Instant },
): Promise<void> {
  if (!witnesses) return;
  const seen = { note: entry.proof.checkpoint, log, signedAt: at };
  const { bad, early, missing } = await judgeWitnesses(crypto, witnesses, seen);
  examination.demand(bad === undefined, "evidence/cosignature-invalid", subject, bad ?? "");
  examination.demand(early === undefined, "evidence/cosignature-time", subject, early ?? "");
  examination.demand(missing === undefined, "evidence/not-witnessed", subject, missing ?? "");
}

// The root that the log signed for exactly the size of the proof; undefined when the checkpoint is not this log's.
async function findSignedRoot(
  crypto: Crypto,
  entry: BundleLogEntry,
  log: TrustedLog,
): Promise<Bytes | undefined> {
  try {
    const trust = { origin: log.origin, logKey: logKeyOf(crypto, log) };
    const checkpoint = await verifyCheckpoint(crypto, entry.proof.checkpoint, trust);
    return checkpoint.size === entry.proof.treeSize ? checkpoint.rootHash : undefined;
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function isLeafOf(crypto: Crypto, entry: BundleLogEntry, rootHash: Bytes): boolean {
  const { proof, index } = entry;
  if (index !== proof.index || !equalBytes(rootHash, proof.rootHash)) return false;
  try {
    const leaf = leafHash(crypto, entry.canonicalizedBody);
    verifyInclusion(
      crypto,
      { index, treeSize: proof.treeSize, leafHash: leaf, hashes: proof.hashes },
      rootHash,
    );
    return true;
  } catch (error) {
    if (error instanceof CustodyError) return false;
    throw error;
  }
}
