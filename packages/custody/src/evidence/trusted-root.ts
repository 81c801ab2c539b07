import type { Bytes, Crypto, Digest, PublicKey, TimeRange } from "custody/ground";
import {
  canonicalJson,
  concatBytes,
  CustodyError,
  formatInstant,
  parseBase64,
  parseInstant,
  toBase64,
  utf8,
} from "custody/ground";
import * as v from "valibot";

import type { Certificate } from "./certificate.ts";
import { parseCertificate } from "./certificate.ts";
import type { WitnessDemand } from "./witness-demand.ts";

/** An authority that issues certificates; `chain` runs from the issuing certificate to the trust anchor. */
export interface TrustedAuthority {
  readonly uri: string;
  readonly chain: readonly Certificate[];
  readonly validFor: TimeRange;
}

/** A timestamp authority: its signing certificate first, then the chain to the anchor. */
export interface TrustedTimestampAuthority extends TrustedAuthority {
  readonly signingCertificate: Certificate;
}

/** A transparency log: `origin` is the name its checkpoints carry (the base URL without scheme). */
export interface TrustedLog {
  readonly origin: string;
  readonly baseUrl: string;
  /** SHA-256(origin ‖ LF ‖ signature type ‖ key): the checkpoint key id in full; of certificate logs another. */
  readonly logId: Bytes;
  readonly publicKey: PublicKey;
  readonly validFor: TimeRange;
}

/** Whom a verifier trusts: Sigstore's TrustedRoot (protobuf-specs, `sigstore_trustroot.proto`), media type v0.1 and v0.2. */
export interface TrustedRoot {
  readonly authorities: readonly TrustedAuthority[];
  readonly logs: readonly TrustedLog[];
  readonly timestampAuthorities: readonly TrustedTimestampAuthority[];
  /** The logs that see certificates before they are issued (RFC 6962); a log's id is SHA-256 of its key. */
  readonly certificateLogs: readonly TrustedLog[];
  /** Who must have cosigned the logs' checkpoints. It stands beside the root's JSON, which has no such member. */
  readonly witnesses?: WitnessDemand;
}

export const trustedRootMediaType = "application/vnd.dev.sigstore.trustedroot+json;version=0.1";
const mediaTypes = [trustedRootMediaType, "application/vnd.dev.sigstore.trustedroot.v0.2+json"];

const maxAuthorities = 32;
const rangeShape = v.object({ start: v.string(), end: v.optional(v.string()) });
const authorityShape = v.object({
  uri: v.optional(v.string(), ""),
  certChain: v.object({
    certificates: v.pipe(v.array(v.object({ rawBytes: v.string() })), v.minLength(1), v.maxLength(8)),
  }),
  validFor: rangeShape,
});
const logShape = v.object({
  baseUrl: v.pipe(v.string(), v.regex(/^https?:\/\/[^\s/]+(\/[^\s]*[^\s/])?$/)),
  hashAlgorithm: v.literal("SHA2_256"),
  publicKey: v.object({ rawBytes: v.string(), keyDetails: v.string(), validFor: rangeShape }),
  logId: v.object({ keyId: v.string() }),
});
const rootShape = v.object({
  mediaType: v.picklist(mediaTypes),
  tlogs: v.optional(v.pipe(v.array(logShape), v.maxLength(maxAuthorities)), []),
  certificateAuthorities: v.optional(v.pipe(v.array(authorityShape), v.maxLength(maxAuthorities)), []),
  ctlogs: v.optional(v.pipe(v.array(logShape), v.maxLength(maxAuthorities)), []),
  timestampAuthorities: v.optional(v.pipe(v.array(authorityShape), v.maxLength(maxAuthorities)), []),
});

const keyDetails: Readonly<Record<string, PublicKey["scheme"]>> = {
  PKIX_ED25519: "ed25519",
  PKIX_ECDSA_P256_SHA_256: "ecdsa-p256-sha256",
  PKIX_ECDSA_P384_SHA_384: "ecdsa-p384-sha384",
};

/**
 * The trusted root of its parsed JSON.
 *
 * @throws CustodyError `evidence/trusted-root`: a missing validity start (which would trust a key for ever), an
 * unknown key type, an empty chain.
 */
export function parseTrustedRoot(value: unknown): TrustedRoot {
  const shape = v.safeParse(rootShape, value);
  if (!shape.success) throw rootFault(`${v.getDotPath(shape.issues[0]) ?? "it"}: ${shape.issues[0].message}`);
  const { tlogs, certificateAuthorities, ctlogs, timestampAuthorities } = shape.output;
  return {
    authorities: certificateAuthorities.map(parseAuthority),
    logs: tlogs.map(parseLog),
    timestampAuthorities: timestampAuthorities.map(parseTimestampAuthority),
    certificateLogs: ctlogs.map(parseLog),
  };
}

function parseAuthority({
  uri,
  certChain,
  validFor,
}: v.InferOutput<typeof authorityShape>): TrustedAuthority {
  const chain = certChain.certificates.map(({ rawBytes }) => parseCertificate(parseBase64(rawBytes)));
  return { uri, chain, validFor: parseRange(validFor) };
}

function parseTimestampAuthority(value: v.InferOutput<typeof authorityShape>): TrustedTimestampAuthority {
  const { chain, ...authority } = parseAuthority(value);
  const [signingCertificate, ...issuers] = chain;
  if (!signingCertificate || issuers.length === 0) throw rootFault("a timestamp authority has no chain");
  return { ...authority, signingCertificate, chain: issuers };
}

function parseLog({ baseUrl, publicKey, logId }: v.InferOutput<typeof logShape>): TrustedLog {
  const scheme = keyDetails[publicKey.keyDetails];
  if (!scheme) throw rootFault(`the log key type ${publicKey.keyDetails} is not known`);
  return {
    origin: baseUrl.replace(/^https?:\/\//, ""),
    baseUrl,
    logId: parseBase64(logId.keyId),
    publicKey: { scheme, spki: parseBase64(publicKey.rawBytes) },
    validFor: parseRange(publicKey.validFor),
  };
}

function parseRange({ start, end }: v.InferOutput<typeof rangeShape>): TimeRange {
  return { start: parseInstant(start), ...(end === undefined ? {} : { end: parseInstant(end) }) };
}

/** The JSON that {@link parseTrustedRoot}, and every Sigstore client, reads. */
export function formatTrustedRoot(root: TrustedRoot): object {
  return {
    mediaType: trustedRootMediaType,
    tlogs: root.logs.map(formatLog),
    certificateAuthorities: root.authorities.map((authority) => formatAuthority(authority, authority.chain)),
    ctlogs: root.certificateLogs.map(formatLog),
    timestampAuthorities: root.timestampAuthorities.map((authority) =>
      formatAuthority(authority, [authority.signingCertificate, ...authority.chain]),
    ),
  };
}

function formatLog({ baseUrl, publicKey, validFor, logId }: TrustedLog): object {
  const details = Object.entries(keyDetails).find(([, scheme]) => scheme === publicKey.scheme);
  return {
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: toBase64(publicKey.spki),
      keyDetails: details?.[0],
      validFor: formatRange(validFor),
    },
    logId: { keyId: toBase64(logId) },
  };
}

function formatAuthority({ uri, validFor }: TrustedAuthority, chain: readonly Certificate[]): object {
  return {
    subject: { organization: "Custody", commonName: uri },
    uri,
    certChain: { certificates: chain.map(({ der }) => ({ rawBytes: toBase64(der) })) },
    validFor: formatRange(validFor),
  };
}

function formatRange({ start, end }: TimeRange): object {
  return { start: formatInstant(start), ...(end === undefined ? {} : { end: formatInstant(end) }) };
}

/** Names one state of trust: decisions are cached by it. */
export function revisionOf(digest: (bytes: Bytes) => Digest, root: TrustedRoot): Digest {
  const { witnesses } = root;
  return digest(
    canonicalJson(
      witnesses ? { root: formatTrustedRoot(root), witnesses: stateOf(witnesses) } : formatTrustedRoot(root),
    ),
  );
}

function stateOf({ text, start }: WitnessDemand): object {
  return { text, ...(start === undefined ? {} : { start: formatInstant(start) }) };
}

/** The log id of an Ed25519 log: the full form of its C2SP checkpoint key id (signed-note, type 0x01). */
export function ed25519LogId(crypto: Pick<Crypto, "sha256">, origin: string, rawKey: Uint8Array): Bytes {
  return crypto.sha256(concatBytes(utf8(`${origin}\n`), new Uint8Array([0x01]), rawKey));
}

function rootFault(message: string): CustodyError<"evidence/trusted-root"> {
  return new CustodyError("evidence/trusted-root", `the trusted root is refused: ${message}`, {
    next: "get it again from the server: /trusted_root.json",
  });
}
