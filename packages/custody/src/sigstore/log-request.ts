import { parseEnvelope, preAuthEncode } from "custody/dsse";
import type { Envelope } from "custody/dsse";
import { parseCertificate } from "custody/evidence";
import type { Bytes, Crypto, PublicKey } from "custody/ground";
import {
  canonicalJson,
  CustodyError,
  equalBytes,
  findFaultCode,
  parseBase64,
  toBase64,
} from "custody/ground";
import * as v from "valibot";

import { findKey, hashOf } from "./key-details.ts";
import { sigstoreFault } from "./reasons.ts";

/** An entry that somebody asks the log to take in, its signature verified. */
export interface RekorEntry {
  readonly kind: "hashedrekord" | "dsse";
  readonly version: "0.0.2";
  /** Canonical JSON: what becomes the leaf. */
  readonly body: Bytes;
}

const rawBytes = v.strictObject({ rawBytes: v.pipe(v.string(), v.maxLength(32_768)) });
const verifierShape = v.pipe(
  v.strictObject({
    keyDetails: v.string(),
    x509Certificate: v.optional(rawBytes),
    publicKey: v.optional(rawBytes),
  }),
  v.check(
    ({ x509Certificate, publicKey }) => (x509Certificate === undefined) !== (publicKey === undefined),
    "one of x509Certificate and publicKey",
  ),
);
const base64 = v.pipe(v.string(), v.maxLength(32_768));
const requestShape = v.strictObject({
  hashedRekordRequestV002: v.optional(
    v.strictObject({
      digest: base64,
      signature: v.strictObject({ content: base64, verifier: verifierShape }),
    }),
  ),
  dsseRequestV002: v.optional(
    v.strictObject({
      envelope: v.unknown(),
      verifiers: v.pipe(v.array(verifierShape), v.minLength(1), v.maxLength(16)),
    }),
  ),
});

type Verifier = v.InferOutput<typeof verifierShape>;

/** `HashAlgorithm` of protobuf-specs, by the hash of a scheme. */
const hashNames: Readonly<Record<string, { readonly name: string; readonly length: number }>> = {
  sha256: { name: "SHA2_256", length: 32 },
  sha384: { name: "SHA2_384", length: 48 },
  sha512: { name: "SHA2_512", length: 64 },
};

/**
 * Reads a `CreateEntryRequest` (protobuf-specs, `rekor/v2/entry.proto`) and verifies its signature: the log takes in
 * nothing that its own verifier would not stand by.
 *
 * @throws CustodyError `sigstore/log-request` for what is malformed or does not verify.
 */
export async function readRekorRequest(crypto: Crypto, value: unknown): Promise<RekorEntry> {
  const shape = v.safeParse(requestShape, value);
  if (!shape.success) {
    const [issue] = shape.issues;
    throw refused(`${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
  }
  const { hashedRekordRequestV002: hashed, dsseRequestV002: dsse } = shape.output;
  try {
    if (hashed && !dsse) return await hashedRekordEntry(crypto, hashed);
    if (dsse && !hashed) return await dsseEntry(crypto, dsse);
    throw refused("it must hold one of hashedRekordRequestV002 and dsseRequestV002");
  } catch (error) {
    if (!(error instanceof CustodyError) || error.code === "sigstore/log-request") throw error;
    throw refused(error.message, findFaultCode(error));
  }
}

async function hashedRekordEntry(
  crypto: Crypto,
  { digest, signature }: { digest: string; signature: { content: string; verifier: Verifier } },
): Promise<RekorEntry> {
  const { verifier } = signature;
  const key = getKey(verifier);
  const hash = hashNames[hashOf(key.scheme) ?? ""];
  const bytes = parseBase64(digest);
  if (!hash || bytes.length !== hash.length)
    throw refused(`a digest of ${bytes.length} bytes is none that ${verifier.keyDetails} signs`);
  const content = parseBase64(signature.content);
  if (!(await crypto.verifyDigest(key, content, bytes))) throw unverified();
  return entryOf("hashedrekord", {
    hashedRekordV002: {
      data: { algorithm: hash.name, digest: toBase64(bytes) },
      signature: { content: toBase64(content), verifier: statedVerifier(verifier) },
    },
  });
}

async function dsseEntry(
  crypto: Crypto,
  { envelope: value, verifiers }: { envelope: unknown; verifiers: readonly Verifier[] },
): Promise<RekorEntry> {
  const envelope = parseEnvelope(value);
  const signatures = [];
  for (const { sig } of envelope.signatures) {
    const verifier = await findVerifier(crypto, envelope, sig, verifiers);
    if (!verifier) throw unverified();
    signatures.push({ content: toBase64(sig), verifier: statedVerifier(verifier) });
  }
  const payloadHash = { algorithm: "SHA2_256", digest: toBase64(crypto.sha256(envelope.payload)) };
  return entryOf("dsse", { dsseV002: { payloadHash, signatures } });
}

async function findVerifier(
  crypto: Crypto,
  { payloadType, payload }: Envelope,
  signature: Bytes,
  verifiers: readonly Verifier[],
): Promise<Verifier | undefined> {
  const signed = preAuthEncode(payloadType, payload);
  for (const verifier of verifiers) {
    if (await crypto.verify(getKey(verifier), signature, signed)) return verifier;
  }
  return undefined;
}

function getKey({ keyDetails, x509Certificate, publicKey }: Verifier): PublicKey {
  const spki = x509Certificate
    ? parseCertificate(parseBase64(x509Certificate.rawBytes)).publicKey.spki
    : parseBase64(publicKey?.rawBytes ?? "");
  const key = findKey(keyDetails, spki);
  if (!key || (x509Certificate && !equalBytes(key.spki, spki)))
    throw refused(`keys of kind ${keyDetails.slice(0, 60)} are not taken`);
  return key;
}

function statedVerifier({ keyDetails, x509Certificate, publicKey }: Verifier): object {
  return { keyDetails, ...(x509Certificate ? { x509Certificate } : { publicKey }) };
}

function entryOf(kind: RekorEntry["kind"], spec: object): RekorEntry {
  const version = "0.0.2";
  return { kind, version, body: canonicalJson({ apiVersion: version, kind, spec }) };
}

function unverified(): CustodyError {
  return refused("a signature does not verify with the keys that came with it");
}

function refused(message: string, cause?: string): CustodyError {
  return sigstoreFault("sigstore/log-request", `the entry is refused: ${message}`, {
    ...(cause && { details: { cause } }),
  });
}
