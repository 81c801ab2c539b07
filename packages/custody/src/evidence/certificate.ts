import { ECParameters, id_secp256r1, id_secp384r1 } from "@peculiar/asn1-ecc";
import { AsnConvert } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";
import type { Bytes, PublicKey, SignatureScheme, TimeRange } from "custody/ground";
import { CustodyError, instantOf } from "custody/ground";

/** An X.509 certificate (RFC 5280), read once; everything that decides is here, nothing else is looked at. */
export interface Certificate {
  readonly der: Bytes;
  /** The signed bytes, as they came. */
  readonly tbs: Bytes;
  readonly signature: Bytes;
  readonly signatureAlgorithm: string;
  /** DER of the names: compared byte for byte. */
  readonly issuer: Bytes;
  readonly subject: Bytes;
  readonly serialNumber: Bytes;
  readonly validity: TimeRange;
  readonly publicKey: PublicKey;
  readonly isCertificateAuthority: boolean;
  readonly pathLength: number | undefined;
  readonly keyUsage: ReadonlySet<"digitalSignature" | "keyCertSign">;
  readonly extendedKeyUsage: readonly string[];
  /** URI subject alternative names; a Custody certificate has exactly one, a SPIFFE ID. */
  readonly uris: readonly string[];
  /** Every other subject alternative name, as text. */
  readonly otherNames: readonly string[];
  /** The Fulcio issuer extension (1.3.6.1.4.1.57264.1.8): who vouched for the identity. */
  readonly oidcIssuer: string | undefined;
}

/** Fulcio's "Issuer (V2)" extension: a DER UTF8String. */
export const fulcioIssuerOid = "1.3.6.1.4.1.57264.1.8";
/** id-kp-codeSigning and id-kp-timeStamping (RFC 5280 §4.2.1.12). */
export const codeSigningOid = "1.3.6.1.5.5.7.3.3";
export const timeStampingOid = "1.3.6.1.5.5.7.3.8";

const maxCertificateBytes = 16_384;
const understood = new Set([
  x509.id_ce_basicConstraints,
  x509.id_ce_keyUsage,
  x509.id_ce_extKeyUsage,
  x509.id_ce_subjectAltName,
  x509.id_ce_subjectKeyIdentifier,
  x509.id_ce_authorityKeyIdentifier,
]);

/** ECDSA signature algorithms of certificates and timestamps, with the key they are verified with. */
const signatureSchemes: Readonly<
  Record<string, Readonly<Partial<Record<SignatureScheme, SignatureScheme>>>>
> = {
  "1.2.840.10045.4.3.2": { "ecdsa-p256-sha256": "ecdsa-p256-sha256" },
  "1.2.840.10045.4.3.3": { "ecdsa-p384-sha384": "ecdsa-p384-sha384" },
};

/**
 * Reads one DER certificate.
 *
 * @throws CustodyError `evidence/certificate-malformed`: not DER, trailing bytes, an unknown critical extension, an
 * extension that stands twice, a key that is neither P-256 nor P-384.
 */
export function parseCertificate(der: Bytes): Certificate {
  if (der.length > maxCertificateBytes) throw certificateFault("it is too large");
  try {
    return readCertificate(der);
  } catch (cause) {
    if (cause instanceof CustodyError) throw cause;
    throw certificateFault("it is not DER", cause);
  }
}

function readCertificate(der: Bytes): Certificate {
  const certificate = AsnConvert.parse(der, x509.Certificate);
  const { tbsCertificate: tbs, tbsCertificateRaw } = certificate;
  if (!tbsCertificateRaw || !isWholeDer(der)) throw certificateFault("it has bytes left over");
  const extensions = extensionsOf(tbs);
  const constraints = read(extensions, x509.id_ce_basicConstraints, x509.BasicConstraints);
  return {
    der,
    tbs: new Uint8Array(tbsCertificateRaw),
    signature: new Uint8Array(certificate.signatureValue),
    signatureAlgorithm: certificate.signatureAlgorithm.algorithm,
    issuer: new Uint8Array(AsnConvert.serialize(tbs.issuer)),
    subject: new Uint8Array(AsnConvert.serialize(tbs.subject)),
    serialNumber: new Uint8Array(tbs.serialNumber),
    validity: {
      start: instantOf(tbs.validity.notBefore.getTime().getTime()),
      end: instantOf(tbs.validity.notAfter.getTime().getTime()),
    },
    publicKey: publicKeyOf(tbs.subjectPublicKeyInfo),
    isCertificateAuthority: constraints?.cA ?? false,
    pathLength: constraints?.pathLenConstraint,
    keyUsage: keyUsageOf(extensions),
    extendedKeyUsage: [...(read(extensions, x509.id_ce_extKeyUsage, x509.ExtendedKeyUsage) ?? [])],
    ...namesOf(extensions),
    oidcIssuer: oidcIssuerOf(extensions),
  };
}

// The outer SEQUENCE must span the whole text: bytes behind it would be seen by one reader and not by another.
function isWholeDer(der: Bytes): boolean {
  const first = der[1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  let length = lengthBytes === 0 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (der[2 + i] ?? 0);
  return der.length === 2 + lengthBytes + length;
}

function extensionsOf(tbs: x509.TBSCertificate): ReadonlyMap<string, x509.Extension> {
  const extensions = new Map<string, x509.Extension>();
  for (const extension of tbs.extensions ?? []) {
    const { extnID, critical } = extension;
    if (extensions.has(extnID)) throw certificateFault(`the extension ${extnID} stands twice`);
    if (critical && !understood.has(extnID))
      throw certificateFault(`the critical extension ${extnID} is unknown`);
    extensions.set(extnID, extension);
  }
  return extensions;
}

function read<T>(
  extensions: ReadonlyMap<string, x509.Extension>,
  oid: string,
  type: new () => T,
): T | undefined {
  const extension = extensions.get(oid);
  return extension && AsnConvert.parse(extension.extnValue.buffer, type);
}

function keyUsageOf(extensions: ReadonlyMap<string, x509.Extension>): Certificate["keyUsage"] {
  const usage = read(extensions, x509.id_ce_keyUsage, x509.KeyUsage)?.toNumber() ?? 0;
  const names = new Set<"digitalSignature" | "keyCertSign">();
  if (usage & x509.KeyUsageFlags.digitalSignature) names.add("digitalSignature");
  if (usage & x509.KeyUsageFlags.keyCertSign) names.add("keyCertSign");
  return names;
}

function namesOf(extensions: ReadonlyMap<string, x509.Extension>): Pick<Certificate, "uris" | "otherNames"> {
  const names = [...(read(extensions, x509.id_ce_subjectAltName, x509.SubjectAlternativeName) ?? [])];
  return {
    uris: names.flatMap((name) => name.uniformResourceIdentifier ?? []),
    otherNames: names.flatMap((name) =>
      name.uniformResourceIdentifier === undefined ? [name.rfc822Name ?? name.dNSName ?? "other"] : [],
    ),
  };
}

function oidcIssuerOf(extensions: ReadonlyMap<string, x509.Extension>): string | undefined {
  return read(extensions, fulcioIssuerOid, x509.DirectoryString)?.utf8String;
}

function publicKeyOf(info: x509.SubjectPublicKeyInfo): PublicKey {
  const spki = new Uint8Array(AsnConvert.serialize(info));
  const { parameters } = info.algorithm;
  const curve = parameters ? AsnConvert.parse(parameters, ECParameters).namedCurve : undefined;
  switch (curve) {
    case id_secp256r1:
      return { scheme: "ecdsa-p256-sha256", spki };
    case id_secp384r1:
      return { scheme: "ecdsa-p384-sha384", spki };
    default:
      throw certificateFault("its key is neither P-256 nor P-384");
  }
}

/** The key to verify a signature of that algorithm with, or undefined when the two do not go together. */
export function findVerificationKey(key: PublicKey, signatureAlgorithm: string): PublicKey | undefined {
  const scheme = signatureSchemes[signatureAlgorithm]?.[key.scheme];
  return scheme && { scheme, spki: key.spki };
}

function certificateFault(message: string, cause?: unknown): CustodyError<"evidence/certificate-malformed"> {
  return new CustodyError("evidence/certificate-malformed", `the certificate is refused: ${message}`, {
    cause,
  });
}
