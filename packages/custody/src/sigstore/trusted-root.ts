import type { Certificate, TrustedAuthority, TrustedTimestampAuthority } from "custody/evidence";
import { parseCertificate } from "custody/evidence";
import type { Bytes, PublicKey, TimeRange } from "custody/ground";
import { parseInstant } from "custody/ground";
import * as v from "valibot";

import { findKey } from "./key-details.ts";
import { base64, listOf, readShape } from "./protobuf-json.ts";
import { reading, sigstoreFault } from "./reasons.ts";

/** A transparency log, or a certificate transparency log, that a trusted root names. */
export interface RootLog {
  /** The base URL without scheme and final slash: the name under which it signs. Without one it signs no checkpoint. */
  readonly origin: string;
  readonly logId: Bytes;
  /** The first four bytes of the key ID that its checkpoints carry. */
  readonly keyHint: Bytes;
  readonly publicKey: PublicKey;
  readonly validFor: TimeRange;
  /** Who runs it; empty in roots v0.1, and then it counts as one with all that name nobody. */
  readonly operator: string;
}

export interface RootTimestampAuthority extends TrustedTimestampAuthority {
  readonly operator: string;
}

/** Whom a verifier trusts (protobuf-specs, `sigstore_trustroot.proto`, v0.1 and v0.2). */
export interface SigstoreTrustedRoot {
  readonly authorities: readonly TrustedAuthority[];
  readonly timestampAuthorities: readonly RootTimestampAuthority[];
  readonly logs: readonly RootLog[];
  readonly certificateLogs: readonly RootLog[];
  /** Whether certificates must have been seen by such a log: also when the root names only some with unknown keys. */
  readonly namesCertificateLogs: boolean;
}

const maxRootBytes = 1024 * 1024;
const maxMembers = 64;
const maxCertificates = 8;
const mediaTypes = [
  "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  "application/vnd.dev.sigstore.trustedroot+json;version=0.2",
  "application/vnd.dev.sigstore.trustedroot.v0.1+json",
  "application/vnd.dev.sigstore.trustedroot.v0.2+json",
];

// A range without a start would trust a key for ever, and one that is missing altogether too.
const rangeShape = v.object({ start: v.string(), end: v.optional(v.string()) });
const keyIdShape = v.object({ keyId: base64 });
const logShape = v.object({
  baseUrl: v.optional(v.pipe(v.string(), v.regex(/^(?:https?:\/\/)?[^\s/]+(?:\/[^\s]*)?$/, "not a URL"))),
  hashAlgorithm: v.optional(v.literal("SHA2_256")),
  publicKey: v.object({ rawBytes: base64, keyDetails: v.string(), validFor: rangeShape }),
  logId: v.optional(keyIdShape),
  checkpointKeyId: v.optional(keyIdShape),
  operator: v.optional(v.string(), ""),
});
const authorityShape = v.object({
  uri: v.optional(v.string(), ""),
  certChain: v.object({
    certificates: v.pipe(
      v.array(v.object({ rawBytes: base64 })),
      v.minLength(1, "no certificate"),
      v.maxLength(maxCertificates),
    ),
  }),
  validFor: rangeShape,
  operator: v.optional(v.string(), ""),
});
const rootShape = v.object({
  mediaType: v.picklist(mediaTypes, "not a trusted root known here"),
  tlogs: listOf(logShape, maxMembers),
  certificateAuthorities: listOf(authorityShape, maxMembers),
  ctlogs: listOf(logShape, maxMembers),
  timestampAuthorities: listOf(authorityShape, maxMembers),
});

/**
 * Reads a trusted root. A key of a kind that is not known here is passed over: nothing is trusted for it.
 *
 * @throws CustodyError `sigstore/root-malformed`: among others for a validity without a start.
 */
export function parseSigstoreRoot(bytes: Uint8Array): SigstoreTrustedRoot {
  const shape = readShape(bytes, rootShape, {
    code: "sigstore/root-malformed",
    what: "the trusted root",
    sizeBytes: maxRootBytes,
  });
  return reading("sigstore/root-malformed", "the trusted root", () => ({
    authorities: shape.certificateAuthorities.map(toAuthority),
    timestampAuthorities: shape.timestampAuthorities.map(toTimestampAuthority),
    logs: shape.tlogs.flatMap(toLog),
    certificateLogs: shape.ctlogs.flatMap(toLog),
    namesCertificateLogs: shape.ctlogs.length > 0,
  }));
}

type AuthorityShape = v.InferOutput<typeof authorityShape>;

function toAuthority({ uri, certChain, validFor }: AuthorityShape): TrustedAuthority {
  return { uri, chain: certChain.certificates.map(toCertificate), validFor: toRange(validFor) };
}

// The first certificate is the one that signs timestamps; alone, it is its own anchor.
function toTimestampAuthority(shape: AuthorityShape): RootTimestampAuthority {
  const { chain, ...authority } = toAuthority(shape);
  const [signingCertificate, ...issuers] = chain;
  if (!signingCertificate)
    throw sigstoreFault("sigstore/root-malformed", "a timestamp authority has no chain");
  return { ...authority, signingCertificate, chain: issuers, operator: shape.operator };
}

function toCertificate({ rawBytes }: { readonly rawBytes: Bytes }): Certificate {
  return parseCertificate(rawBytes);
}

function toLog(shape: v.InferOutput<typeof logShape>): RootLog[] {
  const { baseUrl = "", publicKey, logId, checkpointKeyId, operator } = shape;
  const validFor = toRange(publicKey.validFor);
  const key = findKey(publicKey.keyDetails, publicKey.rawBytes);
  const id = logId ?? checkpointKeyId;
  if (!id) throw sigstoreFault("sigstore/root-malformed", "a log of the trusted root has no id");
  const keyHint = (checkpointKeyId ?? id).keyId.slice(0, 4);
  const origin = baseUrl.replace(/^https?:\/\//, "").replace(/\/+$/, "");
  return key ? [{ origin, logId: id.keyId, keyHint, publicKey: key, validFor, operator }] : [];
}

function toRange({ start, end }: v.InferOutput<typeof rangeShape>): TimeRange {
  return { start: parseInstant(start), ...(end === undefined ? {} : { end: parseInstant(end) }) };
}
