import { eddsa } from "@noble/curves/abstract/edwards.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { sha512 } from "@noble/hashes/sha2.js";

import type { Bytes } from "./bytes.ts";
import { concatBytes, utf8 } from "./bytes.ts";
import type { CurveName, HashName, PublicKey } from "./crypto.ts";
import { DerReader, derTags, readDer } from "./der-reader.ts";
import { derBitString } from "./der-values.ts";
import { parseRsaPublicKey, verifyPkcs1, verifyPss } from "./rsa.ts";

const curves = { p256, p384, p521 } as const;
const digestBytes: Record<HashName, number> = { sha256: 32, sha384: 48, sha512: 64 };
/** Ed25519ph without a context (RFC 8032 §5.1): what is signed is hashed already. */
const ed25519ph = eddsa(ed25519.Point, sha512, {
  domain: (data: Uint8Array) =>
    concatBytes(utf8("SigEd25519 no Ed25519 collisions"), new Uint8Array([1, 0]), data),
  prehash: (digest: Uint8Array) => new Uint8Array(digest),
});

/**
 * Verifies a signature over data that is known by its digest only: neither node:crypto nor WebCrypto can. Both
 * adapters of the crypto port load this when it is asked for, and not before.
 *
 * False, as the port demands, for whatever is malformed or is not a digest of the scheme's hash.
 */
export function verifyDigest(key: PublicKey, signature: Uint8Array, digest: Uint8Array): boolean {
  const [kind, variant = "", hash = "sha512"] = key.scheme.split("-");
  if (digest.length !== digestBytes[hash as HashName]) return false;
  try {
    if (kind === "ed25519")
      return ed25519ph.verify(signature, digest, keyBitsOf(key.spki), { zip215: false });
    return kind === "ecdsa"
      ? verifyEcdsa(variant as CurveName, key.spki, signature, digest)
      : verifyRsa(variant as "pkcs1" | "pss", hash as HashName, { spki: key.spki, signature, digest });
  } catch {
    return false;
  }
}

function verifyEcdsa(curve: CurveName, spki: Bytes, signature: Uint8Array, digest: Uint8Array): boolean {
  const options = { prehash: false, lowS: false, format: "der" } as const;
  return curves[curve].verify(signature, digest, keyBitsOf(spki), options);
}

interface SignedDigest {
  readonly spki: Bytes;
  readonly signature: Uint8Array;
  readonly digest: Uint8Array;
}

function verifyRsa(
  padding: "pkcs1" | "pss",
  hash: HashName,
  { spki, signature, digest }: SignedDigest,
): boolean {
  const key = parseRsaPublicKey(keyBitsOf(spki));
  return padding === "pss"
    ? verifyPss(key, hash, signature, digest)
    : verifyPkcs1(key, hash, signature, digest);
}

// SubjectPublicKeyInfo: the algorithm, which the scheme has said already, and the key (RFC 5280 §4.1.2.7).
function keyBitsOf(spki: Bytes): Bytes {
  const info = readDer(spki, derTags.sequence);
  new DerReader(info.read(derTags.sequence).content).rest();
  const { bytes } = derBitString(info.read(derTags.bitString));
  info.end();
  return bytes;
}
