import type { Bytes } from "./bytes.ts";

export type HashName = "sha256" | "sha384" | "sha512";
export type CurveName = "p256" | "p384" | "p521";

/**
 * Signature schemes that Custody verifies; names say key and hash. ECDSA signatures are DER (ANSI X9.62); RSA keys have
 * 2048 bits or more, and PSS (RFC 8017 §8.1) masks with the same hash, whatever the length of its salt. ML-DSA-44
 * (FIPS 204) is the pure one, with an empty context; its signatures are never by digest.
 */
export type SignatureScheme =
  | "ed25519"
  | "ml-dsa-44"
  | `ecdsa-${CurveName}-${HashName}`
  | `rsa-pkcs1-${HashName}`
  | `rsa-pss-${HashName}`;

/** A public key: its SubjectPublicKeyInfo (DER, RFC 5280 §4.1.2.7) and the one scheme it may be used with. */
export interface PublicKey {
  readonly scheme: SignatureScheme;
  readonly spki: Bytes;
}

/**
 * Hash and verify: the whole of the cryptography that the pure floors use.
 *
 * `sha256` is synchronous everywhere (Merkle trees hash in bulk). `verify` may answer at once (node:crypto) or
 * later (WebCrypto), and callers await it. It answers false, and does not throw, for a signature or key that is
 * malformed: a signature that cannot be read is not a good one.
 */
export interface Crypto {
  sha256(data: Uint8Array): Bytes;
  verify(key: PublicKey, signature: Uint8Array, data: Uint8Array): boolean | Promise<boolean>;
  /**
   * As `verify`, of data of which only the digest is known, under the hash of the scheme. An Ed25519 key signs digests
   * (SHA-512) only as Ed25519ph, which is another signature than `verify` takes (RFC 8032 §5.1).
   */
  verifyDigest(key: PublicKey, signature: Uint8Array, digest: Uint8Array): Promise<boolean>;
}

/**
 * Something that holds a private key and signs with it; the key itself never leaves it.
 *
 * A signer may be a process away: every call can fail, and a failed call has signed nothing that counts.
 */
export interface Signer {
  readonly publicKey: PublicKey;
  sign(data: Uint8Array): Promise<Bytes>;
}
