import { sha384, sha512 } from "@noble/hashes/sha2.js";
import type { Bytes, Crypto, Instant } from "custody/ground";
import { derOid, derTags, derValue, DerReader, equalBytes, isWithin, readDer } from "custody/ground";

import type { Certificate } from "./certificate.ts";
import { findVerificationKey, timeStampingOid } from "./certificate.ts";
import type { Issuance } from "./issuance.ts";
import { parseTimestamp, tstInfoOid } from "./timestamp-token.ts";
import type { Timestamp, TimestampSigner } from "./timestamp-token.ts";
import type { TrustedTimestampAuthority } from "./trusted-root.ts";

const hashes: Readonly<Record<string, (data: Uint8Array) => Uint8Array>> = {
  "2.16.840.1.101.3.4.2.2": sha384,
  "2.16.840.1.101.3.4.2.3": sha512,
};
const sha256Oid = "2.16.840.1.101.3.4.2.1";
const rsaEncryptionOid = "1.2.840.113549.1.1.1";
const rsaSignatureOids: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "1.2.840.113549.1.1.11",
  "2.16.840.1.101.3.4.2.2": "1.2.840.113549.1.1.12",
  "2.16.840.1.101.3.4.2.3": "1.2.840.113549.1.1.13",
};
const subjectKeyIdentifierOid = "2.5.29.14";
const contentTypeOid = "1.2.840.113549.1.9.3";
const messageDigestOid = "1.2.840.113549.1.9.4";

/** Whose timestamps count, and which of their certificates were verified already. */
export interface TimestampTrust {
  readonly authorities: readonly TrustedTimestampAuthority[];
  readonly issuance: Issuance;
}

/**
 * The time at which a trusted authority saw these bytes (RFC 3161 §2.4.2), or undefined when no authority of the
 * list vouches for it: wrong imprint, wrong signer, wrong signature, or a time outside the authority's windows.
 *
 * The certificate that verifies the token comes from the trusted root, never from the token (CVE-2026-39984).
 */
export async function verifyTimestamp(
  crypto: Crypto,
  token: Bytes,
  data: Uint8Array,
  { authorities, issuance }: TimestampTrust,
): Promise<Instant | undefined> {
  const timestamp = parseTimestamp(token);
  const hash = hashOf(crypto, timestamp.imprint.algorithm);
  if (!hash || !equalBytes(hash(data), timestamp.imprint.hash)) return undefined;
  for (const authority of authorities) {
    if (await isStampedBy(crypto, timestamp, authority, issuance)) return timestamp.time;
  }
  return undefined;
}

function hashOf(crypto: Crypto, algorithm: string): ((data: Uint8Array) => Uint8Array) | undefined {
  return algorithm === sha256Oid ? (data) => crypto.sha256(data) : hashes[algorithm];
}

async function isStampedBy(
  crypto: Crypto,
  { time, info, signer }: Timestamp,
  authority: TrustedTimestampAuthority,
  issuance: Issuance,
): Promise<boolean> {
  const { signingCertificate: leaf, chain, validFor } = authority;
  const windows = [validFor, leaf.validity, ...chain.map(({ validity }) => validity)];
  const isMeant = leaf.extendedKeyUsage.includes(timeStampingOid) && isNamedBy(leaf, signer);
  if (!isMeant || !windows.every((range) => isWithin(time, range))) return false;
  for (const [i, issuer] of chain.entries()) {
    if (!(await issuance.isIssuedBy(crypto, chain[i - 1] ?? leaf, issuer))) return false;
  }
  const key = findVerificationKey(leaf.publicKey, signatureAlgorithmOf(signer));
  const attributes = signedAttributesOf(crypto, signer, info);
  return !!key && !!attributes && crypto.verify(key, signer.signature, attributes);
}

// A token that names another certificate than the one that verifies it says two things about who made it.
function isNamedBy(certificate: Certificate, { identifier }: TimestampSigner): boolean {
  if (identifier.kind === "serial") {
    const { issuer, serialNumber } = identifier;
    return equalBytes(issuer, certificate.issuer) && equalBytes(serialNumber, certificate.serialNumber);
  }
  const own = certificate.extensions.get(subjectKeyIdentifierOid);
  return own !== undefined && equalBytes(derValue(derTags.octetString, identifier.keyIdentifier), own);
}

// rsaEncryption leaves it to the digest algorithm to say the hash (RFC 3370 §3.2).
function signatureAlgorithmOf({ signatureAlgorithm, digestAlgorithm }: TimestampSigner): string {
  return signatureAlgorithm === rsaEncryptionOid
    ? (rsaSignatureOids[digestAlgorithm] ?? signatureAlgorithm)
    : signatureAlgorithm;
}

// RFC 5652 §5.4: what is signed is the DER SET OF attributes, among them the digest of the content and its type.
function signedAttributesOf(crypto: Crypto, signer: TimestampSigner, info: Bytes): Bytes | undefined {
  const hash = hashOf(crypto, signer.digestAlgorithm);
  const digest = findAttribute(signer, messageDigestOid);
  const type = findAttribute(signer, contentTypeOid);
  if (!hash || !digest || !type || !signer.signedAttributes) return undefined;
  const isBound =
    equalBytes(digest.read(derTags.octetString).content, hash(info)) &&
    derOid(type.read(derTags.oid)) === tstInfoOid;
  return isBound ? derValue(derTags.set, signer.signedAttributes) : undefined;
}

// The one value of the one attribute of that type; two would let two readers see two.
function findAttribute({ signedAttributes }: TimestampSigner, oid: string): DerReader | undefined {
  const attributes = signedAttributes ? new DerReader(signedAttributes).rest() : [];
  const found = attributes.flatMap(({ whole }) => {
    const attribute = readDer(whole, derTags.sequence);
    return derOid(attribute.read(derTags.oid)) === oid ? [attribute.enter(derTags.set)] : [];
  });
  const [values] = found;
  const [value, second] = values?.rest() ?? [];
  return found.length === 1 && value && !second ? new DerReader(value.whole) : undefined;
}
