import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";
import type { Bytes, Crypto, PublicKey, Random, Signer, TimeRange } from "custody/ground";
import { CustodyError } from "custody/ground";
import type { Certificate } from "custody/evidence";
import { findVerificationKey, fulcioIssuerOid, parseCertificate } from "custody/evidence";

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
  readonly uri?: string;
  readonly authority?: { readonly pathLength: number };
  readonly extendedKeyUsage?: string;
  readonly oidcIssuer?: string;
}

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const commonNameOid = "2.5.4.3";

/**
 * Signs a certificate (RFC 5280), reads back what was signed and verifies it before anyone gets it. Without an issuer it
 * is self-signed by `signer`, whose key `content.publicKey` must be.
 *
 * @throws CustodyError `authority/signing` when the signature is not good for what was to be signed.
 */
export async function buildCertificate(
  { crypto, random }: { readonly crypto: Crypto; readonly random: Random },
  content: CertificateContent,
  issuer: Issuer | { readonly signer: Signer },
): Promise<Certificate> {
  const issuerName =
    "certificate" in issuer ? parseName(issuer.certificate.subject) : nameOf(content.commonName);
  const tbs = AsnConvert.serialize(
    tbsOf(crypto, random, content, { name: issuerName, key: issuer.signer.publicKey }),
  );
  const signature = await issuer.signer.sign(new Uint8Array(tbs));
  const certificate = parseCertificate(assemble(tbs, signature));
  const key = findVerificationKey(issuer.signer.publicKey, certificate.signatureAlgorithm);
  if (!key || !(await crypto.verify(key, certificate.signature, certificate.tbs))) {
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
  const { authority, publicKey, uri, extendedKeyUsage, oidcIssuer, commonName } = content;
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
    ...(uri ? [alternativeName(uri, commonName === "")] : []),
    ...(extendedKeyUsage ? [usageExtension(extendedKeyUsage)] : []),
    ...(oidcIssuer
      ? [extension(fulcioIssuerOid, false, new x509.DirectoryString({ utf8String: oidcIssuer }))]
      : []),
  ];
}

// A certificate without a subject has its name here, and must say so (RFC 5280 §4.2.1.6).
function alternativeName(uri: string, isOnlyName: boolean): x509.Extension {
  const names = new x509.SubjectAlternativeName([new x509.GeneralName({ uniformResourceIdentifier: uri })]);
  return extension(x509.id_ce_subjectAltName, isOnlyName, names);
}

// RFC 3161 §2.3 wants the usage critical for timestamping; for code signing Fulcio's form is not critical.
function usageExtension(usage: string): x509.Extension {
  const isTimestamping = usage.endsWith(".3.8");
  return extension(x509.id_ce_extKeyUsage, isTimestamping, new x509.ExtendedKeyUsage([usage]));
}

function extension(extnID: string, critical: boolean, value: unknown): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

// Method 1 of RFC 7093 §2: the leftmost 160 bits of the SHA-256 of the key.
function keyIdentifier(crypto: Crypto, key: PublicKey): ArrayBuffer {
  const info = AsnConvert.parse(key.spki, x509.SubjectPublicKeyInfo);
  return crypto.sha256(new Uint8Array(info.subjectPublicKey)).slice(0, 20).buffer;
}
