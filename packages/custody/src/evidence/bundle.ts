import type { Bytes } from "custody/ground";
import { canonicalJson, CustodyError, parseBase64, parseJson, toBase64 } from "custody/ground";
import type { Envelope } from "custody/dsse";
import { formatEnvelope, parseEnvelope } from "custody/dsse";
import * as v from "valibot";

import type { Certificate } from "./certificate.ts";
import { parseCertificate } from "./certificate.ts";

/** A Sigstore bundle v0.3 (protobuf-specs, `sigstore_bundle.proto`) that holds a DSSE envelope. */
export interface Bundle {
  readonly certificate: Certificate;
  readonly envelope: Envelope;
  readonly logEntries: readonly BundleLogEntry[];
  /** RFC 3161 TimeStampResp, DER, over the envelope's signature. */
  readonly timestamps: readonly Bytes[];
}

/** A transparency log entry with its inclusion proof (`sigstore_rekor.proto`). */
export interface BundleLogEntry {
  readonly logId: Bytes;
  readonly index: number;
  readonly kind: string;
  readonly version: string;
  readonly canonicalizedBody: Bytes;
  readonly proof: {
    readonly index: number;
    readonly treeSize: number;
    readonly rootHash: Bytes;
    readonly hashes: readonly Bytes[];
    /** The signed note. */
    readonly checkpoint: string;
  };
}

export const bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
/** The form of earlier versions, which v0.3 may have too (protobuf-specs, `sigstore_bundle.proto`). */
const otherMediaType = "application/vnd.dev.sigstore.bundle+json;version=0.3";
export const maxBundleBytes = 24 * 1024 * 1024;
/** Far more than a bundle has: what it says itself is one text, the payload. */
const maxBundleValues = 1000;
/** Room for as many cosignatures as a note may have. */
const maxCheckpointLength = 256 * 1024;

const count = v.pipe(
  v.string(),
  v.regex(/^(?:0|[1-9][0-9]{0,15})$/, "not a decimal number"),
  v.transform(Number),
  v.safeInteger(),
);
const base64 = v.pipe(v.string(), v.rawTransform(decode));

function decode({ dataset, addIssue, NEVER }: v.RawTransformContext<string>): Bytes {
  try {
    return parseBase64(dataset.value);
  } catch {
    addIssue({ message: "not base64" });
    return NEVER;
  }
}

// The JSON of protobuf leaves out what is 0, and some writers do: the first entry of a log has no index then.
const indexShape = v.optional(count, "0");

const logEntryShape = v.strictObject({
  logIndex: indexShape,
  logId: v.strictObject({ keyId: base64 }),
  kindVersion: v.strictObject({ kind: v.string(), version: v.string() }),
  integratedTime: v.optional(v.literal("0")),
  inclusionProof: v.strictObject({
    logIndex: indexShape,
    rootHash: base64,
    treeSize: count,
    hashes: v.optional(v.pipe(v.array(base64), v.maxLength(64)), []),
    checkpoint: v.strictObject({ envelope: v.pipe(v.string(), v.maxLength(maxCheckpointLength)) }),
  }),
  canonicalizedBody: base64,
});

const bundleShape = v.strictObject({
  mediaType: v.picklist([bundleMediaType, otherMediaType]),
  verificationMaterial: v.strictObject({
    certificate: v.strictObject({ rawBytes: base64 }),
    // One of each: what is not looked at must not be there.
    tlogEntries: v.optional(v.pipe(v.array(logEntryShape), v.maxLength(1)), []),
    timestampVerificationData: v.optional(
      v.strictObject({
        rfc3161Timestamps: v.optional(
          v.pipe(v.array(v.strictObject({ signedTimestamp: base64 })), v.maxLength(1)),
          [],
        ),
      }),
      {},
    ),
  }),
  dsseEnvelope: v.unknown(),
});

/**
 * Reads a bundle strictly; whatever cannot be read is "could not decide", not "unsigned".
 *
 * @throws CustodyError `evidence/bundle`, `dsse/…`, `json/…`, `evidence/certificate-malformed`.
 */
export function parseBundle(bytes: Bytes): Bundle {
  const json = parseJson(bytes, { sizeBytes: maxBundleBytes, values: maxBundleValues });
  const shape = v.safeParse(bundleShape, json);
  if (!shape.success) {
    const [issue] = shape.issues;
    throw bundleFault(`${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
  }
  const { verificationMaterial, dsseEnvelope } = shape.output;
  const envelope = parseEnvelope(dsseEnvelope);
  if (envelope.signatures.length !== 1) throw bundleFault("its envelope must have exactly one signature");
  return {
    certificate: parseCertificate(verificationMaterial.certificate.rawBytes),
    envelope,
    logEntries: verificationMaterial.tlogEntries.map(toLogEntry),
    timestamps: verificationMaterial.timestampVerificationData.rfc3161Timestamps.map(
      (stamp) => stamp.signedTimestamp,
    ),
  };
}

function toLogEntry(entry: v.InferOutput<typeof logEntryShape>): BundleLogEntry {
  const { logIndex, inclusionProof, kindVersion, canonicalizedBody, logId } = entry;
  const { logIndex: index, treeSize, rootHash, hashes, checkpoint } = inclusionProof;
  return {
    logId: logId.keyId,
    index: logIndex,
    ...kindVersion,
    canonicalizedBody,
    proof: { index, treeSize, rootHash, hashes, checkpoint: checkpoint.envelope },
  };
}

/** The canonical JSON of a bundle, as {@link parseBundle} and every Sigstore client read it. */
export function formatBundle({ certificate, envelope, logEntries, timestamps }: Bundle): Bytes {
  return canonicalJson({
    mediaType: bundleMediaType,
    verificationMaterial: {
      certificate: { rawBytes: toBase64(certificate.der) },
      tlogEntries: logEntries.map(fromLogEntry),
      timestampVerificationData: {
        rfc3161Timestamps: timestamps.map((stamp) => ({ signedTimestamp: toBase64(stamp) })),
      },
    },
    dsseEnvelope: formatEnvelope(envelope),
  });
}

function fromLogEntry({ logId, index, kind, version, canonicalizedBody, proof }: BundleLogEntry): object {
  return {
    logIndex: String(index),
    logId: { keyId: toBase64(logId) },
    kindVersion: { kind, version },
    inclusionProof: {
      logIndex: String(proof.index),
      rootHash: toBase64(proof.rootHash),
      treeSize: String(proof.treeSize),
      hashes: proof.hashes.map(toBase64),
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: toBase64(canonicalizedBody),
  };
}

function bundleFault(message: string): CustodyError<"evidence/bundle"> {
  return new CustodyError("evidence/bundle", `not a Sigstore bundle v0.3: ${message}`);
}
