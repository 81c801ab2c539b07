import type { Bytes, DerValue, HashName, PublicKey, SignatureScheme, TimeRange } from "custody/ground";
import {
  derBitString,
  DerReader,
  derOid,
  derTags,
  derTime,
  equalBytes,
  findFaultCode,
  CustodyError,
  readDer,
} from "custody/ground";

import { readExtensions } from "./certificate-extensions.ts";

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
  /** The value of every extension by its dotted identifier, as it stands in its OCTET STRING. */
  readonly extensions: ReadonlyMap<string, Bytes>;
}

/** id-kp-codeSigning and id-kp-timeStamping (RFC 5280 §4.2.1.12). */
export const codeSigningOid = "1.3.6.1.5.5.7.3.3";
export const timeStampingOid = "1.3.6.1.5.5.7.3.8";

const maxCertificateBytes = 16_384;
const unreadable = new Set(["der/malformed", "bytes/utf8", "instant/syntax"]);
/** [0] EXPLICIT version with INTEGER 2, and [3] EXPLICIT extensions (RFC 5280 §4.1). */
const versionTag = 0xa0;
const version3 = new Uint8Array([derTags.integer, 1, 2]);
const extensionsTag = 0xa3;
/** NULL, the parameters of RSA. */
const nullTag = 0x05;
const ecPublicKeyOid = "1.2.840.10045.2.1";
/** Keys without a curve, with the scheme they are named by (RFC 3279 §2.3.1, RFC 8410 §3). */
const keySchemes: Readonly<Record<string, SignatureScheme>> = {
  "1.2.840.113549.1.1.1": "rsa-pkcs1-sha256",
  "1.3.101.112": "ed25519",
};
const curveSchemes: Readonly<Record<string, SignatureScheme>> = {
  "1.2.840.10045.3.1.7": "ecdsa-p256-sha256",
  "1.3.132.0.34": "ecdsa-p384-sha384",
  "1.3.132.0.35": "ecdsa-p521-sha512",
};
/** Signature algorithms of certificates and timestamps: the kind of key and the hash (RFC 5758 §3.2, RFC 8017 §A.2.4). */
const signatureAlgorithms: Readonly<Record<string, readonly [kind: "ecdsa" | "rsa-pkcs1", hash: HashName]>> =
  {
    "1.2.840.10045.4.3.2": ["ecdsa", "sha256"],
    "1.2.840.10045.4.3.3": ["ecdsa", "sha384"],
    "1.2.840.10045.4.3.4": ["ecdsa", "sha512"],
    "1.2.840.113549.1.1.11": ["rsa-pkcs1", "sha256"],
    "1.2.840.113549.1.1.12": ["rsa-pkcs1", "sha384"],
    "1.2.840.113549.1.1.13": ["rsa-pkcs1", "sha512"],
  };
const ed25519Oid = "1.3.101.112";

/**
 * Reads one DER certificate.
 *
 * @throws CustodyError `evidence/certificate-malformed`: not DER, trailing bytes, an unknown critical extension, an
 * extension that stands twice, a key that is none of P-256, P-384, P-521, RSA, Ed25519.
 */
export function parseCertificate(der: Bytes): Certificate {
  if (der.length > maxCertificateBytes) throw certificateFault("it is too large");
  return orMalformed(() => readCertificate(der));
}

function orMalformed<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (unreadable.has(findFaultCode(cause) ?? "")) throw certificateFault((cause as Error).message, cause);
    throw cause;
  }
}

// RFC 5280 §4.1: the signed part, the algorithm, the signature.
function readCertificate(der: Bytes): Certificate {
  const certificate = readDer(der, derTags.sequence);
  const tbs = certificate.read(derTags.sequence);
  const algorithm = certificate.read(derTags.sequence);
  const signature = derBitString(certificate.read(derTags.bitString)).bytes;
  certificate.end();
  const { signatureAlgorithm, ...signed } = readTbs(new DerReader(tbs.content));
  if (!equalBytes(signatureAlgorithm, algorithm.whole))
    throw certificateFault("it names two signature algorithms");
  return {
    der,
    tbs: tbs.whole,
    signature,
    signatureAlgorithm: derOid(new DerReader(algorithm.content).next()),
    ...signed,
  };
}

type SignedPart = Omit<Certificate, "der" | "tbs" | "signature" | "signatureAlgorithm"> & {
  /** RFC 5280 §4.1.1.2: must be what stands outside. */
  readonly signatureAlgorithm: Bytes;
};

function readTbs(tbs: DerReader): SignedPart {
  if (!equalBytes(tbs.read(versionTag).content, version3)) throw certificateFault("it is not of version 3");
  const serialNumber = tbs.read(derTags.integer).content;
  const signatureAlgorithm = tbs.read(derTags.sequence).whole;
  const issuer = tbs.read(derTags.sequence).whole;
  const validity = readValidity(tbs.enter(derTags.sequence));
  const subject = tbs.read(derTags.sequence).whole;
  const publicKey = readPublicKey(tbs.read(derTags.sequence));
  const extensions = readExtensions(tbs.find(extensionsTag), certificateFault);
  tbs.end();
  return { serialNumber, signatureAlgorithm, issuer, validity, subject, publicKey, ...extensions };
}

function readValidity(validity: DerReader): TimeRange {
  const range = { start: derTime(validity.next()), end: derTime(validity.next()) };
  validity.end();
  return range;
}

// RFC 5480 §2.1: id-ecPublicKey with a named curve; the key itself is for the crypto port to read.
function readPublicKey({ whole, content }: DerValue): PublicKey {
  const info = new DerReader(content);
  const algorithm = info.enter(derTags.sequence);
  const kind = derOid(algorithm.read(derTags.oid));
  const scheme =
    kind === ecPublicKeyOid ? curveSchemes[derOid(algorithm.read(derTags.oid))] : keySchemes[kind];
  if (!scheme) throw certificateFault("its key is none of P-256, P-384, P-521, RSA and Ed25519");
  algorithm.find(nullTag);
  algorithm.end();
  info.read(derTags.bitString);
  info.end();
  return { scheme, spki: whole };
}

/** The public key of a SubjectPublicKeyInfo (DER). @throws CustodyError `evidence/certificate-malformed`. */
export function parsePublicKey(spki: Bytes): PublicKey {
  return orMalformed(() => {
    const reader = new DerReader(spki);
    const key = readPublicKey(reader.read(derTags.sequence));
    reader.end();
    return key;
  });
}

/** The key to verify a signature of that algorithm with, or undefined when the two do not go together. */
export function findVerificationKey(key: PublicKey, signatureAlgorithm: string): PublicKey | undefined {
  if (signatureAlgorithm === ed25519Oid) return key.scheme === "ed25519" ? key : undefined;
  const [kind, hash] = signatureAlgorithms[signatureAlgorithm] ?? [];
  if (!kind || !hash || !key.scheme.startsWith(`${kind}-`)) return undefined;
  const scheme = key.scheme.replace(/[^-]*$/, hash) as SignatureScheme;
  return { scheme, spki: key.spki };
}

function certificateFault(message: string, cause?: unknown): CustodyError<"evidence/certificate-malformed"> {
  return new CustodyError("evidence/certificate-malformed", `the certificate is refused: ${message}`, {
    cause,
  });
}
