import * as cms from "@peculiar/asn1-cms";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as tsp from "@peculiar/asn1-tsp";
import { AlgorithmIdentifier, Certificate, Time } from "@peculiar/asn1-x509";
import type { Bytes } from "custody/ground";
import { concatBytes, derTags, derValue, parseHex } from "custody/ground";

import type { AuthorityPorts } from "./certificate-authority.ts";
import type { Issuer } from "./certificate-builder.ts";
import { sha256Oid, timestampPolicyOid } from "./timestamp-request.ts";
import type { TimestampFailure, TimestampRequest } from "./timestamp-request.ts";

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const contentTypeOid = "1.2.840.113549.1.9.3";
const signingTimeOid = "1.2.840.113549.1.9.5";
const messageDigestOid = "1.2.840.113549.1.9.4";
const signingCertificateV2Oid = "1.2.840.113549.1.9.16.2.47";
const tstInfoOidDer = parseHex("060b2a864886f70d0109100104");
/** SigningCertificateV2 (RFC 5035 §3) with one certificate and the default hash, up to the 32 bytes of the hash. */
const essCertificatePrefix = parseHex("3026302430220420");
/** A time-stamp response (RFC 3161 §2.4.2) that says when these bytes were seen, as DER. */
export function stampTime(ports: AuthorityPorts, authority: Issuer, data: Uint8Array): Promise<Bytes> {
  return stampRequest(ports, authority, {
    hashOid: sha256Oid,
    digest: ports.crypto.sha256(data),
    nonce: undefined,
    wantsCertificates: false,
  });
}

/**
 * The response that grants a request.
 *
 * The time is in whole seconds, rounded down: fractions are allowed, but clients stumble over them. It is signed as CMS
 * demands (RFC 5652 §5.4), with the signing certificate's hash among what is signed (RFC 5816).
 */
export async function stampRequest(
  ports: AuthorityPorts,
  authority: Issuer,
  request: TimestampRequest,
): Promise<Bytes> {
  const info = new Uint8Array(AsnConvert.serialize(infoOf(ports, request)));
  const attributes = attributesOf(ports, authority, info);
  const signature = await authority.signer.sign(setOf(attributes));
  const { wantsCertificates } = request;
  const response = responseOf(authority, info, { attributes, signature, wantsCertificates });
  return new Uint8Array(AsnConvert.serialize(response));
}

/** The response that grants nothing (RFC 3161 §2.4.2), as DER. */
export function rejectTimestamp(failure: TimestampFailure): Bytes {
  const bit = failureBits[failure];
  const bits = new Uint8Array(Math.floor(bit / 8) + 1);
  bits[bits.length - 1] = 0x80 >> (bit % 8);
  const failInfo = derValue(derTags.bitString, concatBytes(new Uint8Array([7 - (bit % 8)]), bits));
  const info = concatBytes(derValue(derTags.integer, new Uint8Array([rejection])), failInfo);
  return derValue(derTags.sequence, derValue(derTags.sequence, info));
}

const rejection = 2;
/** PKIFailureInfo, a named bit list. */
const failureBits: Readonly<Record<TimestampFailure, number>> = {
  badAlg: 0,
  badDataFormat: 5,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
};

function infoOf(
  { clock, random }: Pick<AuthorityPorts, "clock" | "random">,
  { hashOid, digest, nonce }: TimestampRequest,
): tsp.TSTInfo {
  const serial = random.bytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return new tsp.TSTInfo({
    version: tsp.TSTInfoVersion.v1,
    policy: timestampPolicyOid,
    messageImprint: new tsp.MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: hashOid }),
      hashedMessage: new OctetString(digest),
    }),
    serialNumber: serial.buffer,
    ...(nonce && { nonce: nonce.slice().buffer }),
    genTime: new Date(Math.floor(clock.now() / 1000) * 1000),
  });
}

// DER wants a SET OF in the order of its encodings (X.690 §11.6).
function attributesOf({ crypto, clock }: AuthorityPorts, authority: Issuer, info: Bytes): cms.Attribute[] {
  const certificateHash = crypto.sha256(authority.certificate.der);
  const attributes = [
    attribute(contentTypeOid, tstInfoOidDer),
    attribute(signingTimeOid, derOf(new Time(new Date(clock.now())))),
    attribute(messageDigestOid, derOf(new OctetString(crypto.sha256(info)))),
    attribute(signingCertificateV2Oid, concatBytes(essCertificatePrefix, certificateHash)),
  ];
  return attributes.toSorted((a, b) => compareBytes(derOf(a), derOf(b)));
}

function attribute(attrType: string, der: Bytes): cms.Attribute {
  return new cms.Attribute({ attrType, attrValues: [der.buffer] });
}

function setOf(attributes: readonly cms.Attribute[]): Bytes {
  return derValue(0x31, concatBytes(...attributes.map(derOf)));
}

function derOf(value: unknown): Bytes {
  return new Uint8Array(AsnConvert.serialize(value));
}

function compareBytes(a: Bytes, b: Bytes): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
}

interface Signed {
  readonly attributes: cms.Attribute[];
  readonly signature: Bytes;
  readonly wantsCertificates: boolean;
}

function responseOf(
  authority: Issuer,
  info: Bytes,
  { attributes, signature, wantsCertificates }: Signed,
): tsp.TimeStampResp {
  const sha256 = new AlgorithmIdentifier({ algorithm: sha256Oid });
  const certificate = AsnConvert.parse(authority.certificate.der, Certificate);
  const { issuer, serialNumber } = certificate.tbsCertificate;
  const signer = new cms.SignerInfo({
    version: cms.CMSVersion.v1,
    sid: new cms.SignerIdentifier({
      issuerAndSerialNumber: new cms.IssuerAndSerialNumber({ issuer, serialNumber }),
    }),
    digestAlgorithm: sha256,
    signedAttrs: attributes,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 }),
    signature: new OctetString(signature),
  });
  const signed = new cms.SignedData({
    version: cms.CMSVersion.v3,
    digestAlgorithms: new cms.DigestAlgorithmIdentifiers([sha256]),
    encapContentInfo: new cms.EncapsulatedContentInfo({
      eContentType: tsp.id_ct_tstInfo,
      eContent: new cms.EncapsulatedContent({ single: new OctetString(info) }),
    }),
    ...(wantsCertificates && {
      certificates: new cms.CertificateSet([new cms.CertificateChoices({ certificate })]),
    }),
    signerInfos: new cms.SignerInfos([signer]),
  });
  return new tsp.TimeStampResp({
    status: new tsp.PKIStatusInfo({ status: tsp.PKIStatus.granted }),
    timeStampToken: new tsp.TimeStampToken({
      contentType: cms.id_signedData,
      content: AsnConvert.serialize(signed),
    }),
  });
}
