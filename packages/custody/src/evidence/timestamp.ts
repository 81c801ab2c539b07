import { sha384, sha512 } from "@noble/hashes/sha2.js";
import * as cms from "@peculiar/asn1-cms";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as tsp from "@peculiar/asn1-tsp";
import type { Bytes, Crypto, Instant } from "custody/ground";
import {
  concatBytes,
  CustodyError,
  derValue,
  equalBytes,
  instantOf,
  isWithin,
  parseHex,
} from "custody/ground";

import { findVerificationKey, timeStampingOid } from "./certificate.ts";
import { isIssuedBy } from "./certificate-path.ts";
import type { TrustedTimestampAuthority } from "./trusted-root.ts";

/** What an RFC 3161 time-stamp token says, with the bytes its signature covers. */
interface Timestamp {
  readonly time: Instant;
  readonly imprint: { readonly algorithm: string; readonly hash: Bytes };
  readonly info: Bytes;
  readonly signer: cms.SignerInfo;
}

const hashes: Readonly<Record<string, (data: Uint8Array) => Uint8Array>> = {
  "2.16.840.1.101.3.4.2.2": sha384,
  "2.16.840.1.101.3.4.2.3": sha512,
};
const sha256Oid = "2.16.840.1.101.3.4.2.1";
const contentTypeOid = "1.2.840.113549.1.9.3";
const messageDigestOid = "1.2.840.113549.1.9.4";
/** DER of the OBJECT IDENTIFIER id-ct-TSTInfo. */
const tstInfoType = parseHex("060b2a864886f70d0109100104");
const maxTokenBytes = 16_384;

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
  authorities: readonly TrustedTimestampAuthority[],
): Promise<Instant | undefined> {
  const timestamp = parseTimestamp(token);
  const hash = hashOf(crypto, timestamp.imprint.algorithm);
  if (!hash || !equalBytes(hash(data), timestamp.imprint.hash)) return undefined;
  for (const authority of authorities) {
    if (await isStampedBy(crypto, timestamp, authority)) return timestamp.time;
  }
  return undefined;
}

function hashOf(crypto: Crypto, algorithm: string): ((data: Uint8Array) => Uint8Array) | undefined {
  return algorithm === sha256Oid ? (data) => crypto.sha256(data) : hashes[algorithm];
}

/** @throws CustodyError `evidence/timestamp-malformed`. */
function parseTimestamp(bytes: Bytes): Timestamp {
  if (bytes.length > maxTokenBytes) throw timestampFault("it is too large");
  try {
    return readTimestamp(bytes);
  } catch (cause) {
    if (cause instanceof CustodyError) throw cause;
    throw timestampFault("it is not DER", cause);
  }
}

function readTimestamp(bytes: Bytes): Timestamp {
  const { status, timeStampToken } = AsnConvert.parse(bytes, tsp.TimeStampResp);
  if (status.status > tsp.PKIStatus.grantedWithMods || !timeStampToken)
    throw timestampFault("it was not granted");
  if (timeStampToken.contentType !== cms.id_signedData) throw timestampFault("it is not signed data");
  const signed = AsnConvert.parse(timeStampToken.content, cms.SignedData);
  const content = signed.encapContentInfo.eContent?.single;
  const [signer, second] = signed.signerInfos;
  if (signed.encapContentInfo.eContentType !== tsp.id_ct_tstInfo || !content || !signer || second) {
    throw timestampFault("it does not hold exactly one signed TSTInfo");
  }
  const info = new Uint8Array(content.buffer);
  const { genTime, messageImprint } = AsnConvert.parse(info, tsp.TSTInfo);
  return {
    time: instantOf(genTime.getTime()),
    imprint: {
      algorithm: messageImprint.hashAlgorithm.algorithm,
      hash: new Uint8Array(messageImprint.hashedMessage.buffer),
    },
    info,
    signer,
  };
}

async function isStampedBy(
  crypto: Crypto,
  { time, info, signer }: Timestamp,
  authority: TrustedTimestampAuthority,
): Promise<boolean> {
  const { signingCertificate: leaf, chain, validFor } = authority;
  const windows = [validFor, leaf.validity, ...chain.map(({ validity }) => validity)];
  if (!leaf.extendedKeyUsage.includes(timeStampingOid) || !windows.every((range) => isWithin(time, range)))
    return false;
  for (const [i, issuer] of chain.entries()) {
    if (!(await isIssuedBy(crypto, chain[i - 1] ?? leaf, issuer))) return false;
  }
  const key = findVerificationKey(leaf.publicKey, signer.signatureAlgorithm.algorithm);
  const attributes = signedAttributesOf(crypto, signer, info);
  return !!key && !!attributes && crypto.verify(key, new Uint8Array(signer.signature.buffer), attributes);
}

// RFC 5652 §5.4: what is signed is the DER SET OF attributes, among them the digest of the content and its type.
function signedAttributesOf(crypto: Crypto, signer: cms.SignerInfo, info: Bytes): Bytes | undefined {
  const hash = hashOf(crypto, signer.digestAlgorithm.algorithm);
  const { signedAttrs } = signer;
  if (!hash || !signedAttrs) return undefined;
  const digest = findAttribute(signer, messageDigestOid);
  const type = findAttribute(signer, contentTypeOid);
  const isBound =
    !!digest &&
    !!type &&
    equalBytes(new Uint8Array(AsnConvert.parse(digest, OctetString).buffer), hash(info)) &&
    equalBytes(new Uint8Array(type), tstInfoType);
  if (!isBound) return undefined;
  return derValue(0x31, concatBytes(...signedAttrs.map((one) => new Uint8Array(AsnConvert.serialize(one)))));
}

function findAttribute(signer: cms.SignerInfo, oid: string): ArrayBuffer | undefined {
  const found = (signer.signedAttrs ?? []).filter(({ attrType }) => attrType === oid);
  return found.length === 1 ? found[0]?.attrValues[0] : undefined;
}

function timestampFault(message: string, cause?: unknown): CustodyError<"evidence/timestamp-malformed"> {
  return new CustodyError("evidence/timestamp-malformed", `the timestamp is refused: ${message}`, { cause });
}
