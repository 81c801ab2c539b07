import * as cms from "@peculiar/asn1-cms";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as tsp from "@peculiar/asn1-tsp";
import { AlgorithmIdentifier, Certificate, Time } from "@peculiar/asn1-x509";
import type { Bytes } from "custody/ground";
import { concatBytes, derValue, parseHex } from "custody/ground";

import type { AuthorityPorts } from "./certificate-authority.ts";
import type { Issuer } from "./certificate-builder.ts";

const sha256Oid = "2.16.840.1.101.3.4.2.1";
const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const contentTypeOid = "1.2.840.113549.1.9.3";
const signingTimeOid = "1.2.840.113549.1.9.5";
const messageDigestOid = "1.2.840.113549.1.9.4";
const signingCertificateV2Oid = "1.2.840.113549.1.9.16.2.47";
const tstInfoOidDer = parseHex("060b2a864886f70d0109100104");
/** SigningCertificateV2 (RFC 5035 §3) with one certificate and the default hash, up to the 32 bytes of the hash. */
const essCertificatePrefix = parseHex("3026302430220420");
/** The arc of a policy under which times are the server's clock, with no claim of its accuracy (2.25: UUID-based). */
const policyOid = "2.25.277469386290216493318914640148914112";

/**
 * A time-stamp response (RFC 3161 §2.4.2) that says when these bytes were seen, as DER.
 *
 * The time is in whole seconds, rounded down: fractions are allowed, but clients stumble over them. It is signed as CMS demands (RFC 5652 §5.4), with the signing certificate's hash among what is signed (RFC 5816).
 */
export async function stampTime(ports: AuthorityPorts, authority: Issuer, data: Uint8Array): Promise<Bytes> {
  const info = new Uint8Array(AsnConvert.serialize(infoOf(ports, data)));
  const attributes = attributesOf(ports, authority, info);
  const signature = await authority.signer.sign(setOf(attributes));
  return new Uint8Array(AsnConvert.serialize(responseOf(authority, info, { attributes, signature })));
}

function infoOf({ crypto, clock, random }: AuthorityPorts, data: Uint8Array): tsp.TSTInfo {
  const serial = random.bytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return new tsp.TSTInfo({
    version: tsp.TSTInfoVersion.v1,
    policy: policyOid,
    messageImprint: new tsp.MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha256Oid }),
      hashedMessage: new OctetString(crypto.sha256(data)),
    }),
    serialNumber: serial.buffer,
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

function responseOf(
  authority: Issuer,
  info: Bytes,
  { attributes, signature }: { readonly attributes: cms.Attribute[]; readonly signature: Bytes },
): tsp.TimeStampResp {
  const sha256 = new AlgorithmIdentifier({ algorithm: sha256Oid });
  const { issuer, serialNumber } = AsnConvert.parse(authority.certificate.der, Certificate).tbsCertificate;
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
