import type { Bytes } from "./bytes.ts";

/** Signature schemes that Custody verifies; names say key and hash. ECDSA signatures are DER (ANSI X9.62). */
export type SignatureScheme =
  | "ed25519"
  | "ecdsa-p256-sha256"
  | "ecdsa-p384-sha384"
  | "ecdsa-p521-sha512"
  | "rsa-pkcs1-sha256"
  | "rsa-pkcs1-sha512";

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
