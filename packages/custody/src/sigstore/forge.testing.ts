import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";

import { ed25519ph } from "@noble/curves/ed25519.js";
import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { buildCertificate, stampTime, textExtension } from "custody/authority";
import type { Issuer } from "custody/authority";
import { makeClock } from "custody/authority/attestor.testing";
import { preAuthEncode } from "custody/dsse";
import type { Certificate } from "custody/evidence";
import {
  codeSigningOid,
  fulcioIssuerOid,
  inTotoPayloadType,
  statementType,
  timeStampingOid,
} from "custody/evidence";
import { parseCertificate } from "custody/evidence";
import {
  canonicalJson,
  concatBytes,
  derTags,
  derValue,
  formatInstant,
  instantOf,
  parseHex,
  readDer,
  toBase64,
  toHex,
  utf8,
} from "custody/ground";
import type { Bytes, Json, Signer } from "custody/ground";

import { bytesOf } from "./bend.testing.ts";
import { logEntry, makeLogV1, makeLogV2, withTimestamp } from "./forged-log.testing.ts";
import type { ForgedLog } from "./forged-log.testing.ts";
import type { SigstorePolicy } from "./policy.ts";
import { parseSigstoreRoot } from "./trusted-root.ts";
import type { SigstoreQuestion } from "./verify.ts";

export const start = Date.UTC(2026, 0, 2);
export const identity = "https://example.org/workflow@main";
export const oidcIssuer = "https://issuer.example.org";
export const artifact = utf8("what is signed\n");
const predicateType = "https://example.org/predicate/v1";
export const policy: SigstorePolicy = { signer: { kind: "certificate", identity, issuer: oidcIssuer } };

const day = 24 * 3600 * 1000;
const clock = makeClock(start);
const ports = {
  crypto: nodeCrypto,
  clock,
  random: { bytes: (count: number): Bytes => new Uint8Array(randomBytes(count)) },
};

/** A Sigstore of its own: authorities, logs and a trusted root, with keys made for this run. */
export interface World {
  readonly root: Json;
  readonly intermediate: Issuer;
  readonly timestamps: Issuer;
  readonly certificateLog: Signer;
  readonly logs: { readonly v1: ForgedLog; readonly v2: ForgedLog };
}

/** Until when certificates are valid, in milliseconds; a year where nothing is said. */
export type Ends = Partial<Record<"anchor" | "intermediate" | "timestamps", number>>;

export async function makeWorld(ends: Ends = {}): Promise<World> {
  const newSigner = () => generateSigner("ecdsa-p256-sha256");
  const rootSigner = await newSigner();
  const authority = { commonName: "forged root", authority: { pathLength: 1 } };
  const anchor = {
    signer: rootSigner,
    certificate: await certify(
      { signer: rootSigner },
      { ...authority, publicKey: rootSigner.publicKey },
      ends.anchor,
    ),
  };
  const intermediate = await subordinate(
    anchor,
    { commonName: "forged", authority: { pathLength: 0 } },
    ends.intermediate,
  );
  const timestamps = await subordinate(
    anchor,
    { commonName: "forged time", extendedKeyUsage: timeStampingOid },
    ends.timestamps,
  );
  const certificateLog = await newSigner();
  const logs = {
    v1: makeLogV1("rekor.example.org", await newSigner()),
    v2: makeLogV2("log2026.example.org", await generateSigner("ed25519")),
  };
  const trust = { anchor, intermediate, timestamps, certificateLog, logs };
  return { root: rootOf(trust), intermediate, timestamps, certificateLog, logs };
}

type Content = Omit<Parameters<typeof buildCertificate>[1], "validity">;

function certify(
  issuer: Issuer | { readonly signer: Signer },
  content: Content,
  end = start + 365 * day,
): Promise<Certificate> {
  const validity = { start: instantOf(start - day), end: instantOf(end) };
  return buildCertificate(ports, { ...content, validity }, issuer);
}

async function subordinate(
  issuer: Issuer,
  content: Omit<Content, "publicKey">,
  end: number | undefined,
): Promise<Issuer> {
  const signer = await generateSigner("ecdsa-p256-sha256");
  return { signer, certificate: await certify(issuer, { ...content, publicKey: signer.publicKey }, end) };
}

function rootOf(trust: Omit<World, "root"> & { readonly anchor: Issuer }): Json {
  const validFor = { start: formatInstant(instantOf(start - day)) };
  const chain = (...issuers: readonly Issuer[]) => ({
    uri: "https://example.org",
    certChain: { certificates: issuers.map(({ certificate }) => ({ rawBytes: toBase64(certificate.der) })) },
    validFor,
  });
  const log = (host: string, { publicKey }: Signer, logId: Bytes) => ({
    baseUrl: `https://${host}`,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: toBase64(publicKey.spki),
      keyDetails: publicKey.scheme === "ed25519" ? "PKIX_ED25519" : "PKIX_ECDSA_P256_SHA_256",
      validFor,
    },
    logId: { keyId: toBase64(logId) },
  });
  const { anchor, intermediate, timestamps, certificateLog, logs } = trust;
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [logs.v1, logs.v2].map(({ host, signer, logId }) => log(host, signer, logId)),
    certificateAuthorities: [chain(intermediate, anchor)],
    ctlogs: [log("ct.example.org", certificateLog, nodeCrypto.sha256(certificateLog.publicKey.spki))],
    timestampAuthorities: [chain(timestamps, anchor)],
  };
}

/** A key that signs, and how its public half is called. */
export interface ForgedKey {
  readonly spki: Bytes;
  readonly keyDetails: string;
  sign(data: Uint8Array): Bytes;
}

export type KeyKind = "p256" | "p384" | "p521" | "rsa" | "ed25519";
const keyKinds: Record<
  KeyKind,
  { readonly hash: string | null; readonly details: string; readonly make: () => KeyPairKeyObjectResult }
> = {
  p256: { hash: "sha256", details: "PKIX_ECDSA_P256_SHA_256", make: () => ec("prime256v1") },
  p384: { hash: "sha384", details: "PKIX_ECDSA_P384_SHA_384", make: () => ec("secp384r1") },
  p521: { hash: "sha512", details: "PKIX_ECDSA_P521_SHA_512", make: () => ec("secp521r1") },
  rsa: {
    hash: "sha256",
    details: "PKIX_RSA_PKCS1V15_2048_SHA256",
    make: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  },
  ed25519: { hash: null, details: "PKIX_ED25519", make: () => generateKeyPairSync("ed25519") },
};

function ec(namedCurve: string): KeyPairKeyObjectResult {
  return generateKeyPairSync("ec", { namedCurve });
}

export function makeKey(kind: KeyKind): ForgedKey {
  const { hash, details, make } = keyKinds[kind];
  const { publicKey, privateKey } = make();
  return {
    spki: new Uint8Array(publicKey.export({ format: "der", type: "spki" })),
    keyDetails: details,
    sign: (data) => new Uint8Array(sign(hash, data, privateKey)),
  };
}

/** A key that signs as Ed25519ph, which node:crypto does not. */
export function makePrehashingKey(): ForgedKey {
  const { secretKey, publicKey } = ed25519ph.keygen();
  const spki = concatBytes(parseHex("302a300506032b6570032100"), publicKey);
  return {
    spki,
    keyDetails: "PKIX_ED25519_PH",
    sign: (data) => new Uint8Array(ed25519ph.sign(data, secretKey)),
  };
}

export type EntryName =
  | "hashedrekord 0.0.1"
  | "hashedrekord 0.0.2"
  | "dsse 0.0.1"
  | "dsse 0.0.2"
  | "intoto 0.0.1"
  | "intoto 0.0.2";

/** What a forged bundle is to be; all that is not said is the usual. */
export interface Wish {
  readonly version?: "0.1" | "0.2" | "0.3";
  readonly entry?: EntryName;
  readonly content?: "message" | "dsse";
  readonly key?: ForgedKey;
  /** Signed with a bare key: no certificate. */
  readonly keyed?: boolean;
  readonly statement?: Json;
  /** Instead of a statement, the payload's very bytes. */
  readonly payload?: Bytes;
  /** More entries for the same signature. */
  readonly alsoIn?: readonly EntryName[];
  readonly payloadType?: string;
  readonly isPromised?: boolean;
  readonly isStamped?: boolean;
  /** When the log, the timestamp authority and the certificate log see it, in milliseconds from the start. */
  readonly loggedAfter?: number;
  readonly stampedAfter?: number;
  readonly certificate?: Partial<Content>;
  readonly withSct?: boolean;
}

export const statement: Json = {
  _type: statementType,
  subject: [{ name: "artifact", digest: { sha256: toHex(nodeCrypto.sha256(artifact)) } }],
  predicateType,
  predicate: {},
};

const mediaTypes = {
  "0.1": "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "0.2": "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "0.3": "application/vnd.dev.sigstore.bundle.v0.3+json",
} as const;

/** A bundle that holds under the world's root, unless the wish makes it otherwise. */
export async function forgeBundle(world: World, wish: Wish = {}): Promise<Json> {
  const { version = "0.3", entry = "hashedrekord 0.0.1", key = makeKey("p256") } = wish;
  const content = wish.content ?? (entry.startsWith("hashedrekord") ? "message" : "dsse");
  const payload = wish.payload ?? canonicalJson(wish.statement ?? statement);
  const payloadType = wish.payloadType ?? inTotoPayloadType;
  const signed = content === "dsse" ? preAuthEncode(payloadType, payload) : artifact;
  const signature = key.sign(signed);
  const certificate = wish.keyed === true ? undefined : await issue(world, key, wish);
  const parts = { key, certificate, signature, payload, payloadType, signed };
  const entries = [entry, ...(wish.alsoIn ?? [])].map((name) => entryOf(world, name, parts, wish));
  return {
    mediaType: mediaTypes[version],
    verificationMaterial: {
      ...materialOf(certificate, version),
      tlogEntries: await Promise.all(entries),
      ...((wish.isStamped ?? isOfV2(entry)) ? await stampsOf(world, signature, wish.stampedAfter ?? 0) : {}),
    },
    ...(content === "dsse"
      ? {
          dsseEnvelope: {
            payload: toBase64(payload),
            payloadType,
            signatures: [{ sig: toBase64(signature) }],
          },
        }
      : { messageSignature: { messageDigest: digestOf(), signature: toBase64(signature) } }),
  };
}

function isOfV2(entry: EntryName): boolean {
  return entry.startsWith("hashedrekord 0.0.2") || entry === "dsse 0.0.2";
}

function entryOf(world: World, name: EntryName, parts: BodyParts, wish: Wish): Promise<Json> {
  const isPromised = wish.isPromised ?? !isOfV2(name);
  const seconds = (start + (wish.loggedAfter ?? 0)) / 1000;
  const log = isOfV2(name) ? world.logs.v2 : world.logs.v1;
  return logEntry(log, bodyOf(name, parts), isPromised ? { seconds } : {});
}

function digestOf(): Json {
  return { algorithm: "SHA2_256", digest: toBase64(nodeCrypto.sha256(artifact)) };
}

function materialOf(certificate: Certificate | undefined, version: string) {
  if (!certificate) return { publicKey: { hint: "a key" } };
  const raw = { rawBytes: toBase64(certificate.der) };
  return version === "0.3" ? { certificate: raw } : { x509CertificateChain: { certificates: [raw] } };
}

/** A timestamp of the world's authority, so long after the start. */
export async function stampsOf(world: World, signature: Bytes, after: number) {
  const at = makeClock(start + after);
  const token = await stampTime({ ...ports, clock: at }, world.timestamps, signature);
  return { timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: toBase64(token) }] } };
}

async function issue(
  world: World,
  { spki }: ForgedKey,
  { certificate, withSct }: Wish,
): Promise<Certificate> {
  const validity = { start: instantOf(start - 5000), end: instantOf(start + 600_000) };
  const plain = await buildCertificate(
    ports,
    {
      commonName: "",
      publicKey: { scheme: "ecdsa-p256-sha256", spki },
      validity,
      name: { kind: "uri", uri: identity },
      extendedKeyUsage: codeSigningOid,
      extensions: [textExtension(fulcioIssuerOid, oidcIssuer)],
      ...certificate,
    },
    world.intermediate,
  );
  if (withSct === false) return plain;
  const members = readDer(plain.tbs, derTags.sequence)
    .rest()
    .map(({ whole }) => whole);
  const { publicKey } = world.intermediate.signer;
  const tbs = await withTimestamp(members, publicKey.spki, {
    signer: world.certificateLog,
    milliseconds: start,
  });
  return parseCertificate(await signTbs(world.intermediate.signer, tbs, members[2] ?? new Uint8Array()));
}

async function signTbs(signer: Signer, tbs: Bytes, algorithm: Bytes): Promise<Bytes> {
  const signature = derValue(derTags.bitString, concatBytes(new Uint8Array([0]), await signer.sign(tbs)));
  return derValue(derTags.sequence, concatBytes(tbs, algorithm, signature));
}

interface BodyParts {
  readonly key: ForgedKey;
  readonly certificate: Certificate | undefined;
  readonly signature: Bytes;
  readonly payload: Bytes;
  readonly payloadType: string;
  readonly signed: Bytes;
}

function bodyOf(entry: EntryName, parts: BodyParts): Json {
  const [kind = "", apiVersion = ""] = entry.split(" ");
  return { kind, apiVersion, spec: specs[entry](parts) };
}

const specs: Record<EntryName, (parts: BodyParts) => Json> = {
  "hashedrekord 0.0.1": ({ signed, signature, ...signer }) => ({
    data: { hash: hashOf(signed) },
    signature: { content: toBase64(signature), publicKey: { content: pemOf(signer) } },
  }),
  "hashedrekord 0.0.2": ({ signed, ...signer }) => ({
    hashedRekordV002: { data: hash2Of(signed), signature: signatureOf(signer) },
  }),
  "dsse 0.0.1": ({ payload, signature, ...signer }) => ({
    envelopeHash: hashOf(payload),
    payloadHash: hashOf(payload),
    signatures: [{ signature: toBase64(signature), verifier: pemOf(signer) }],
  }),
  "dsse 0.0.2": ({ payload, ...signer }) => ({
    dsseV002: { payloadHash: hash2Of(payload), signatures: [signatureOf(signer)] },
  }),
  "intoto 0.0.1": ({ payload, ...signer }) => ({
    content: { hash: hashOf(payload), payloadHash: hashOf(payload) },
    publicKey: pemOf(signer),
  }),
  "intoto 0.0.2": ({ payload, payloadType, signature, ...signer }) => ({
    content: {
      envelope: {
        payloadType,
        signatures: [{ publicKey: pemOf(signer), sig: toBase64(utf8(toBase64(signature))) }],
      },
      payloadHash: hashOf(payload),
    },
  }),
};

function hashOf(bytes: Bytes): Json {
  return { algorithm: "sha256", value: toHex(nodeCrypto.sha256(bytes)) };
}

function hash2Of(bytes: Bytes): Json {
  return { algorithm: "SHA2_256", digest: toBase64(nodeCrypto.sha256(bytes)) };
}

function pemOf({ certificate, key }: Pick<BodyParts, "certificate" | "key">): string {
  const [label, der] = certificate ? ["CERTIFICATE", certificate.der] : ["PUBLIC KEY", key.spki];
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return toBase64(utf8(`-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`));
}

function signatureOf({
  certificate,
  key,
  signature,
}: Pick<BodyParts, "certificate" | "key" | "signature">): Json {
  const raw = { rawBytes: toBase64(certificate?.der ?? key.spki) };
  return {
    content: toBase64(signature),
    verifier: {
      keyDetails: key.keyDetails,
      ...(certificate ? { x509Certificate: raw } : { publicKey: raw }),
    },
  };
}

/** The question that a bundle and a root put, about the artifact as bytes unless another is given. */
export function ask(bundle: Json, root: Json, more: Partial<SigstoreQuestion> = {}): SigstoreQuestion {
  return {
    bundle: bytesOf(bundle),
    root: parseSigstoreRoot(bytesOf(root)),
    artifact: { kind: "bytes", bytes: artifact },
    policy,
    ...more,
  };
}
