import type { Envelope } from "custody/dsse";
import { preAuthEncode } from "custody/dsse";
import type { Bytes, Crypto, HashName, PublicKey } from "custody/ground";
import { equalBytes, findPemBlocks, parseBase64, parseHex } from "custody/ground";

import type { Subject } from "../artifact.ts";
import { digestOfBytes, findHashName } from "../artifact.ts";
import { attempt } from "../reasons.ts";

/** What a log entry must say to be the entry of this bundle. */
export interface Signed {
  readonly crypto: Crypto;
  readonly signature: Bytes;
  readonly key: PublicKey;
  /** The signing certificate; none where the signer is known by the key alone. */
  readonly certificate: Bytes | undefined;
  readonly content: SignedContent;
}

export type SignedContent =
  | { readonly kind: "message"; readonly subject: Subject }
  | { readonly kind: "dsse"; readonly envelope: Envelope };

/** Whether base64 text stands for exactly those bytes. */
export function isBase64Of(text: string | undefined, bytes: Uint8Array): boolean {
  const decoded = text === undefined ? undefined : attempt(() => parseBase64(text));
  return decoded !== undefined && equalBytes(decoded, bytes);
}

/** Whether base64 of a PEM text names the signer: the certificate, issuers behind it or not, or the bare key. */
export function isPemOfSigner(text: string | undefined, { certificate, key }: Signed): boolean {
  const pem = text === undefined ? undefined : attempt(() => new TextDecoder().decode(parseBase64(text)));
  const [first, ...rest] = (pem !== undefined && findPemBlocks(pem)) || [];
  if (!first) return false;
  if (!certificate)
    return first.label === "PUBLIC KEY" && rest.length === 0 && equalBytes(first.der, key.spki);
  const areCertificates = [first, ...rest].every(({ label }) => label === "CERTIFICATE");
  return areCertificates && equalBytes(first.der, certificate);
}

/** A digest of what was signed, as an entry states it: of the artifact, or of the envelope's encoding (PAE). */
export function isSignedDigest(signed: Signed, algorithm: string, digest: Bytes | undefined): boolean {
  const hash = findHashName(algorithm);
  if (!hash || !digest) return false;
  const { content, crypto } = signed;
  if (content.kind === "message") return content.subject.has(hash, digest);
  const { payloadType, payload } = content.envelope;
  return equalBytes(digestOfBytes(crypto, hash, preAuthEncode(payloadType, payload)), digest);
}

/** Whether that is the digest of the envelope's payload. */
export function isPayloadDigest(signed: Signed, algorithm: string, digest: Bytes | undefined): boolean {
  const hash: HashName | undefined = findHashName(algorithm);
  if (!hash || !digest || signed.content.kind !== "dsse") return false;
  return equalBytes(digestOfBytes(signed.crypto, hash, signed.content.envelope.payload), digest);
}

export function hexBytes(text: string): Bytes | undefined {
  return attempt(() => parseHex(text));
}

export function base64Bytes(text: string): Bytes | undefined {
  return attempt(() => parseBase64(text));
}
