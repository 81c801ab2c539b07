import type { Envelope } from "custody/dsse";
import { parseEnvelope } from "custody/dsse";
import type { Bytes, Instant } from "custody/ground";
import { instantOf } from "custody/ground";
import * as v from "valibot";

import { base64, count, listOf, readShape } from "./protobuf-json.ts";
import { reading, sigstoreFault } from "./reasons.ts";

export type BundleVersion = "0.1" | "0.2" | "0.3";

/** A Sigstore bundle (protobuf-specs, `sigstore_bundle.proto`) as it was read; nothing in it is verified. */
export interface SigstoreBundle {
  readonly version: BundleVersion;
  readonly material: BundleMaterial;
  readonly content: BundleContent;
  readonly logEntries: readonly TransparencyLogEntry[];
  /** RFC 3161 TimeStampResp, DER. */
  readonly timestamps: readonly Bytes[];
}

/** By what the signer is known. */
export type BundleMaterial =
  | {
      readonly kind: "certificate";
      readonly leaf: Bytes;
      /** What old bundles carry besides; none of it is trusted. */
      readonly rest: readonly Bytes[];
    }
  | { readonly kind: "key"; readonly hint: string };

/** What was signed, and the signature. */
export type BundleContent =
  | {
      readonly kind: "message";
      readonly signature: Bytes;
      readonly digest: { readonly algorithm: string; readonly value: Bytes } | undefined;
    }
  | { readonly kind: "dsse"; readonly signature: Bytes; readonly envelope: Envelope };

/** An entry of a transparency log (`sigstore_rekor.proto`). */
export interface TransparencyLogEntry {
  readonly logId: Bytes;
  /** In the log as a whole; a sharded log's proof counts in the shard. */
  readonly index: number;
  readonly kind: string;
  readonly version: string;
  /** What the log says: signed by its promise, and by nothing else. */
  readonly integratedTime: Instant | undefined;
  /** The signed entry timestamp. */
  readonly promise: Bytes | undefined;
  readonly proof: EntryProof | undefined;
  readonly body: Bytes;
}

export interface EntryProof {
  readonly index: number;
  readonly treeSize: number;
  readonly rootHash: Bytes;
  readonly hashes: readonly Bytes[];
  /** The signed note. */
  readonly checkpoint: string | undefined;
}

const maxBundleBytes = 24 * 1024 * 1024;
const maxEntries = 8;
const maxTimestamps = 8;
const maxCertificates = 8;
const maxProofHashes = 64;
/** Room for as many cosignatures as a note may have. */
const maxCheckpointLength = 256 * 1024;

const versions: ReadonlyMap<string, BundleVersion> = new Map([
  ["application/vnd.dev.sigstore.bundle+json;version=0.1", "0.1"],
  ["application/vnd.dev.sigstore.bundle+json;version=0.2", "0.2"],
  ["application/vnd.dev.sigstore.bundle+json;version=0.3", "0.3"],
  ["application/vnd.dev.sigstore.bundle.v0.3+json", "0.3"],
]);

const certificateShape = v.strictObject({ rawBytes: base64 });

const proofShape = v.strictObject({
  logIndex: count,
  rootHash: base64,
  treeSize: count,
  hashes: listOf(base64, maxProofHashes),
  checkpoint: v.optional(v.strictObject({ envelope: v.pipe(v.string(), v.maxLength(maxCheckpointLength)) })),
});

const entryShape = v.strictObject({
  logIndex: count,
  logId: v.strictObject({ keyId: base64 }),
  kindVersion: v.strictObject({ kind: v.string(), version: v.string() }),
  integratedTime: count,
  inclusionPromise: v.optional(v.strictObject({ signedEntryTimestamp: base64 })),
  inclusionProof: v.optional(proofShape),
  canonicalizedBody: base64,
});

const bundleShape = v.strictObject({
  mediaType: v.string(),
  verificationMaterial: v.strictObject({
    publicKey: v.optional(v.strictObject({ hint: v.optional(v.pipe(v.string(), v.maxLength(1024)), "") })),
    x509CertificateChain: v.optional(
      v.strictObject({ certificates: listOf(certificateShape, maxCertificates) }),
    ),
    certificate: v.optional(certificateShape),
    tlogEntries: listOf(entryShape, maxEntries),
    timestampVerificationData: v.optional(
      v.strictObject({
        rfc3161Timestamps: listOf(v.strictObject({ signedTimestamp: base64 }), maxTimestamps),
      }),
    ),
  }),
  messageSignature: v.optional(
    v.strictObject({
      messageDigest: v.optional(v.strictObject({ algorithm: v.string(), digest: base64 })),
      signature: base64,
    }),
  ),
  dsseEnvelope: v.optional(v.unknown()),
});

type Shape = v.InferOutput<typeof bundleShape>;

/**
 * Reads a bundle v0.1, v0.2 or v0.3 strictly: every field known, every list bounded, exactly one of each choice.
 *
 * @throws CustodyError `sigstore/bundle-malformed`, `sigstore/version-unknown`.
 */
export function parseSigstoreBundle(bytes: Uint8Array): SigstoreBundle {
  const shape = readShape(bytes, bundleShape, {
    code: "sigstore/bundle-malformed",
    what: "the bundle",
    sizeBytes: maxBundleBytes,
  });
  const version = versions.get(shape.mediaType);
  if (!version) {
    throw sigstoreFault(
      "sigstore/version-unknown",
      `"${shape.mediaType.slice(0, 120)}" is no bundle known here`,
    );
  }
  const { tlogEntries, timestampVerificationData } = shape.verificationMaterial;
  return {
    version,
    material: materialOf(shape.verificationMaterial, version),
    content: contentOf(shape),
    logEntries: tlogEntries.map(toEntry),
    timestamps: (timestampVerificationData?.rfc3161Timestamps ?? []).map((stamp) => stamp.signedTimestamp),
  };
}

function materialOf(
  { publicKey, certificate, x509CertificateChain }: Shape["verificationMaterial"],
  version: BundleVersion,
): BundleMaterial {
  const chain = x509CertificateChain?.certificates ?? (certificate ? [certificate] : []);
  const [leaf, ...rest] = chain.map(({ rawBytes }) => rawBytes);
  const choices = [publicKey, certificate, x509CertificateChain].filter((choice) => choice !== undefined);
  if (choices.length !== 1) throw malformed("it must name its signer in exactly one way");
  if (version === "0.3" && x509CertificateChain) throw malformed("a v0.3 bundle holds no certificate chain");
  if (publicKey) return { kind: "key", hint: publicKey.hint };
  if (!leaf) throw malformed("its certificate chain is empty");
  return { kind: "certificate", leaf, rest };
}

function contentOf({ messageSignature, dsseEnvelope }: Shape): BundleContent {
  if ((messageSignature === undefined) === (dsseEnvelope === undefined)) {
    throw malformed("it must hold either a message signature or an envelope");
  }
  if (messageSignature) {
    const { signature, messageDigest } = messageSignature;
    const digest = messageDigest && { algorithm: messageDigest.algorithm, value: messageDigest.digest };
    return { kind: "message", signature, digest };
  }
  const envelope = reading("sigstore/bundle-malformed", "the envelope", () => parseEnvelope(dsseEnvelope));
  const [signature, second] = envelope.signatures;
  if (!signature || second) throw malformed("its envelope must have exactly one signature");
  if (signature.sig.length === 0) throw malformed("its envelope's signature is empty");
  return { kind: "dsse", signature: signature.sig, envelope };
}

function toEntry(entry: v.InferOutput<typeof entryShape>): TransparencyLogEntry {
  const { logId, logIndex, kindVersion, integratedTime, inclusionPromise, inclusionProof } = entry;
  return {
    logId: logId.keyId,
    index: logIndex,
    ...kindVersion,
    integratedTime: integratedTime === 0 ? undefined : secondsToInstant(integratedTime),
    promise: inclusionPromise?.signedEntryTimestamp,
    proof: inclusionProof && toProof(inclusionProof),
    body: entry.canonicalizedBody,
  };
}

function toProof({
  logIndex,
  treeSize,
  rootHash,
  hashes,
  checkpoint,
}: v.InferOutput<typeof proofShape>): EntryProof {
  return { index: logIndex, treeSize, rootHash, hashes, checkpoint: checkpoint?.envelope };
}

function secondsToInstant(seconds: number): Instant {
  return reading("sigstore/bundle-malformed", "an integrated time", () => instantOf(seconds * 1000));
}

function malformed(message: string): Error {
  return sigstoreFault("sigstore/bundle-malformed", `the bundle is malformed: ${message}`);
}
