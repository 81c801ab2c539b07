import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";
import type { Bytes, Crypto, PublicKey, Random, Signer, TimeRange } from "custody/ground";
import { CustodyError, derTags, derValue, utf8 } from "custody/ground";
import type { Certificate } from "custody/evidence";
import { findVerificationKey, parseCertificate } from "custody/evidence";

/** Who signs a certificate: the certificate that is to be its issuer, and that certificate's key. */
export interface Issuer {
  readonly certificate: Certificate;
  readonly signer: Signer;
}

/** What a certificate is to say. */
export interface CertificateContent {
  /** Common name of the subject; empty for certificates whose identity is the URI alone (SPIFFE X509-SVID §2). */
  readonly commonName: string;
  readonly publicKey: PublicKey;
  readonly validity: TimeRange & { readonly end: number };
  readonly name?: SubjectName;
  readonly authority?: { readonly pathLength: number };
  readonly extendedKeyUsage?: string;
  /** Further extensions, none of them critical: the DER that each is to hold. */
  readonly extensions?: readonly CertificateExtension[];
}

/** The one subject alternative name (RFC 5280 §4.2.1.6); an other name is of Fulcio's kind, for users without mail address. */
export type SubjectName =
  | { readonly kind: "uri"; readonly uri: string }
  | { readonly kind: "email"; readonly email: string }
  | { readonly kind: "otherName"; readonly otherName: string };

export interface CertificateExtension {
  readonly oid: string;
  readonly value: Bytes;
}

/**
 * A certificate transparency log that sees what is to be signed, and promises it a place (RFC 6962 §3.2): the answer is
 * the SignedCertificateTimestampList for the certificate.
 */
export interface CertificateWitness {
  promise(entry: { readonly tbs: Bytes; readonly issuerKey: PublicKey }): Promise<Bytes>;
}

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const commonNameOid = "2.5.4.3";
const fulcioUsernameOid = "1.3.6.1.4.1.57264.1.7";
const sctListOid = "1.3.6.1.4.1.11129.2.4.2";

/** What a certificate is built with. */
export interface BuilderPorts {
  readonly crypto: Crypto;
  readonly random: Random;
  /** Where it is, the certificate carries the log's promise. */
  readonly certificateLog?: CertificateWitness;
}

/**
 * Signs a certificate (RFC 5280), reads back what was signed and verifies it before anyone gets it. Without an issuer it
 * is self-signed by `signer`, whose key `content.publicKey` must be.
 *
 * @throws CustodyError `authority/signing` when the signature is not good for what was to be signed; what the log throws.
 */
export async function buildCertificate(
  ports: BuilderPorts,
  content: CertificateContent,
  issuer: Issuer | { readonly signer: Signer },
): Promise<Certificate> {
  const { signer } = issuer;
  const tbs = await promisedPart(ports, draftOf(ports, content, issuer), signer.publicKey);
  const certificate = parseCertificate(assemble(tbs, await signer.sign(new Uint8Array(tbs))));
  const key = findVerificationKey(signer.publicKey, certificate.signatureAlgorithm);
  if (!key || !(await ports.crypto.verify(key, certificate.signature, certificate.tbs))) {
    throw new CustodyError(
      "authority/signing",
      "the signed certificate does not verify with its issuer's key",
      {
        next: "check that the authority's key file belongs to its certificate",
      },
    );
  }
  return certificate;
}

function draftOf(
  { crypto, random }: BuilderPorts,
  content: CertificateContent,
  issuer: Issuer | { readonly signer: Signer },
): x509.TBSCertificate {
  const name = "certificate" in issuer ? parseName(issuer.certificate.subject) : nameOf(content.commonName);
  return tbsOf(crypto, random, content, { name, key: issuer.signer.publicKey });
}

// The log signs what stands without its promise (RFC 6962 §3.2); the promise comes last, so nothing before it moves.
async function promisedPart(
  { certificateLog }: BuilderPorts,
  draft: x509.TBSCertificate,
  issuerKey: PublicKey,
): Promise<ArrayBuffer> {
  const tbs = AsnConvert.serialize(draft);
  if (!certificateLog) return tbs;
  const list = await certificateLog.promise({ tbs: new Uint8Array(tbs), issuerKey });
  draft.extensions?.push(extension(sctListOid, false, new OctetString(list)));
  return AsnConvert.serialize(draft);
}

function assemble(tbs: ArrayBuffer, signature: Bytes): Bytes {
  const certificate = new x509.Certificate({
    tbsCertificate: AsnConvert.parse(tbs, x509.TBSCertificate),
    signatureAlgorithm: new x509.AlgorithmIdentifier({ algorithm: ecdsaWithSha256 }),
    signatureValue: signature.buffer,
  });
  return new Uint8Array(AsnConvert.serialize(certificate));
}

function tbsOf(
  crypto: Crypto,
  random: Random,
  content: CertificateContent,
  issuer: { name: x509.Name; key: PublicKey },
): x509.TBSCertificate {
  const { start, end } = content.validity;
  return new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: serialNumber(random).buffer,
    signature: new x509.AlgorithmIdentifier({ algorithm: ecdsaWithSha256 }),
    issuer: issuer.name,
    subject: nameOf(content.commonName),
    validity: new x509.Validity({ notBefore: wholeSecond(start), notAfter: wholeSecond(end) }),
    subjectPublicKeyInfo: AsnConvert.parse(content.publicKey.spki, x509.SubjectPublicKeyInfo),
    extensions: new x509.Extensions(extensionsOf(crypto, content, issuer.key)),
  });
}

// 20 octets at most, positive, unpredictable (RFC 5280 §4.1.2.2).
function serialNumber(random: Random): Bytes {
  const serial = random.bytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

function wholeSecond(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

function nameOf(commonName: string): x509.Name {
  if (commonName === "") return new x509.Name([]);
  const value = new x509.AttributeValue({ utf8String: commonName });
  return new x509.Name([
    new x509.RelativeDistinguishedName([new x509.AttributeTypeAndValue({ type: commonNameOid, value })]),
  ]);
}

function parseName(der: Bytes): x509.Name {
  return AsnConvert.parse(der, x509.Name);
}

function extensionsOf(crypto: Crypto, content: CertificateContent, issuerKey: PublicKey): x509.Extension[] {
  const { authority, publicKey, name, extendedKeyUsage, extensions = [], commonName } = content;
  const usage = authority
    ? x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign
    : x509.KeyUsageFlags.digitalSignature;
  const constraints = { cA: !!authority, ...(authority ? { pathLenConstraint: authority.pathLength } : {}) };
  const subjectKey = new x509.SubjectKeyIdentifier(keyIdentifier(crypto, publicKey));
  const authorityKey = new x509.AuthorityKeyIdentifier({
    keyIdentifier: new x509.KeyIdentifier(keyIdentifier(crypto, issuerKey)),
  });
  return [
    extension(x509.id_ce_keyUsage, true, new x509.KeyUsage(usage)),
    extension(x509.id_ce_basicConstraints, true, new x509.BasicConstraints(constraints)),
    extension(x509.id_ce_subjectKeyIdentifier, false, subjectKey),
    extension(x509.id_ce_authorityKeyIdentifier, false, authorityKey),
    ...(name ? [alternativeName(name, commonName === "")] : []),
    ...(extendedKeyUsage ? [usageExtension(extendedKeyUsage)] : []),
    ...extensions.map(({ oid, value }) => rawExtension(oid, value)),
  ];
}

// A certificate without a subject has its name here, and must say so (RFC 5280 §4.2.1.6).
function alternativeName(name: SubjectName, isOnlyName: boolean): x509.Extension {
  const names = new x509.SubjectAlternativeName([generalName(name)]);
  return extension(x509.id_ce_subjectAltName, isOnlyName, names);
}

function generalName(name: SubjectName): x509.GeneralName {
  switch (name.kind) {
    case "uri":
      return new x509.GeneralName({ uniformResourceIdentifier: name.uri });
    case "email":
      return new x509.GeneralName({ rfc822Name: name.email });
    default: {
      const value = derValue(derTags.utf8String, utf8(name.otherName)).buffer;
      return new x509.GeneralName({ otherName: new x509.OtherName({ typeId: fulcioUsernameOid, value }) });
    }
  }
}

// RFC 3161 §2.3 wants the usage critical for timestamping; for code signing Fulcio's form is not critical.
function usageExtension(usage: string): x509.Extension {
  const isTimestamping = usage.endsWith(".3.8");
  return extension(x509.id_ce_extKeyUsage, isTimestamping, new x509.ExtendedKeyUsage([usage]));
}

function extension(extnID: string, critical: boolean, value: unknown): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** An extension that holds a DER UTF8String, as Fulcio's newer ones do. */
export function textExtension(oid: string, text: string): CertificateExtension {
  return { oid, value: derValue(derTags.utf8String, utf8(text)) };
}

function rawExtension(extnID: string, value: Bytes): x509.Extension {
  return new x509.Extension({ extnID, critical: false, extnValue: new OctetString(value) });
}

// Method 1 of RFC 7093 §2: the leftmost 160 bits of the SHA-256 of the key.
function keyIdentifier(crypto: Crypto, key: PublicKey): ArrayBuffer {
  const info = AsnConvert.parse(key.spki, x509.SubjectPublicKeyInfo);
  return crypto.sha256(new Uint8Array(info.subjectPublicKey)).slice(0, 20).buffer;
}
