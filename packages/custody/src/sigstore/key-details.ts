import type { Bytes, HashName, PublicKey, SignatureScheme } from "custody/ground";
import { concatBytes, derTags, derValue, parseHex } from "custody/ground";

/** The schemes of `PublicKeyDetails` (protobuf-specs, `sigstore_common.proto`) that are read; the rest are deprecated or unsafe. */
const schemes: ReadonlyMap<string, SignatureScheme> = new Map<string, SignatureScheme>(
  Object.entries({
    PKIX_ECDSA_P256_SHA_256: "ecdsa-p256-sha256",
    PKIX_ECDSA_P384_SHA_384: "ecdsa-p384-sha384",
    PKIX_ECDSA_P384_SHA_256: "ecdsa-p384-sha256",
    PKIX_ECDSA_P521_SHA_512: "ecdsa-p521-sha512",
    PKIX_ECDSA_P521_SHA_256: "ecdsa-p521-sha256",
    PKIX_ED25519: "ed25519",
    PKIX_ED25519_PH: "ed25519",
    PKIX_RSA_PKCS1V5: "rsa-pkcs1-sha256",
    PKIX_RSA_PKCS1V15_2048_SHA256: "rsa-pkcs1-sha256",
    PKIX_RSA_PKCS1V15_3072_SHA256: "rsa-pkcs1-sha256",
    PKIX_RSA_PKCS1V15_4096_SHA256: "rsa-pkcs1-sha256",
    PKIX_RSA_PSS: "rsa-pss-sha256",
    PKIX_RSA_PSS_2048_SHA256: "rsa-pss-sha256",
    PKIX_RSA_PSS_3072_SHA256: "rsa-pss-sha256",
    PKIX_RSA_PSS_4096_SHA256: "rsa-pss-sha256",
    PKCS1_RSA_PKCS1V5: "rsa-pkcs1-sha256",
    PKCS1_RSA_PSS: "rsa-pss-sha256",
  }),
);

// SEQUENCE { rsaEncryption, NULL }: what stands before the key in its SubjectPublicKeyInfo (RFC 3279 §2.3.1).
const rsaAlgorithm = parseHex("300d06092a864886f70d0101010500");

/** The key of those bytes with those details, or undefined where the details are not known here. */
export function findKey(keyDetails: string, rawBytes: Bytes): PublicKey | undefined {
  const scheme = schemes.get(keyDetails);
  if (!scheme) return undefined;
  return { scheme, spki: keyDetails.startsWith("PKCS1_") ? wrapRsaKey(rawBytes) : rawBytes };
}

/** An RSAPublicKey (PKCS#1) as the SubjectPublicKeyInfo that it would stand in. */
function wrapRsaKey(key: Bytes): Bytes {
  const bits = derValue(derTags.bitString, concatBytes(new Uint8Array([0]), key));
  return derValue(derTags.sequence, concatBytes(rsaAlgorithm, bits));
}

/** Whether a key that signs as one of those schemes may be said to have these details. */
export function isDescribedBy(key: PublicKey, keyDetails: string): boolean {
  const scheme = schemes.get(keyDetails);
  return scheme !== undefined && schemesOf(key).includes(scheme);
}

const larger: Readonly<Partial<Record<SignatureScheme, readonly SignatureScheme[]>>> = {
  "ecdsa-p384-sha384": ["ecdsa-p384-sha384", "ecdsa-p384-sha256"],
  "ecdsa-p521-sha512": ["ecdsa-p521-sha512", "ecdsa-p521-sha256"],
  "rsa-pkcs1-sha256": ["rsa-pkcs1-sha256", "rsa-pss-sha256"],
};

/**
 * As what a signer's key may have signed. Larger curves sign SHA-256 too (older clients knew no other hash), and of
 * RSA keys nothing says which padding; no key is good for a hash weaker than SHA-256.
 */
export function schemesOf({ scheme }: PublicKey): readonly SignatureScheme[] {
  return larger[scheme] ?? [scheme];
}

/** The hash by which a scheme signs digests; an Ed25519 key signs them as Ed25519ph (RFC 8032 §5.1), ML-DSA none. */
export function hashOf(scheme: SignatureScheme): HashName {
  return scheme === "ed25519" || scheme === "ml-dsa-44"
    ? "sha512"
    : (scheme.slice(scheme.lastIndexOf("-") + 1) as HashName);
}
