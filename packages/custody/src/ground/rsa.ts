import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

import type { Bytes } from "./bytes.ts";
import { concatBytes, equalBytes, parseHex, toHex } from "./bytes.ts";
import type { HashName } from "./crypto.ts";
import { derTags, readDer } from "./der-reader.ts";

/** An RSA public key (RFC 8017 §A.1.1). */
export interface RsaPublicKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
  readonly modulusBytes: number;
}

const minModulusBytes = 256;
const maxModulusBytes = 1024;
const maxExponent = 0xffff_ffffn;

/** The key of an RSAPublicKey (DER). @throws CustodyError `der/…`; TypeError below 2048 or above 8192 bits. */
export function parseRsaPublicKey(der: Bytes): RsaPublicKey {
  const key = readDer(der, derTags.sequence);
  const modulus = toNumber(key.read(derTags.integer).content);
  const exponent = toNumber(key.read(derTags.integer).content);
  key.end();
  const modulusBytes = Math.ceil(modulus.toString(16).length / 2);
  if (modulusBytes < minModulusBytes || modulusBytes > maxModulusBytes || exponent > maxExponent) {
    throw new TypeError("an RSA key has 2048 to 8192 bits and a small exponent");
  }
  return { modulus, exponent, modulusBytes };
}

/** DigestInfo up to the digest (RFC 8017 §9.2, note 1). */
const digestInfoPrefixes: Record<HashName, Bytes> = {
  sha256: parseHex("3031300d060960864801650304020105000420"),
  sha384: parseHex("3041300d060960864801650304020205000430"),
  sha512: parseHex("3051300d060960864801650304020305000440"),
};
const hashes = { sha256, sha384, sha512 } as const;

/** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2): what the signature hides must be the whole of what it should be. */
export function verifyPkcs1(
  key: RsaPublicKey,
  hash: HashName,
  signature: Uint8Array,
  digest: Uint8Array,
): boolean {
  const message = openSignature(key, signature, key.modulusBytes);
  const info = concatBytes(digestInfoPrefixes[hash], digest);
  const padding = new Uint8Array(key.modulusBytes - info.length - 3).fill(0xff);
  const expected = concatBytes(new Uint8Array([0, 1]), padding, new Uint8Array([0]), info);
  return message !== undefined && equalBytes(message, expected);
}

/** RSASSA-PSS (RFC 8017 §8.1.2, §9.1.2), MGF1 with the same hash, a salt of any length. */
export function verifyPss(
  key: RsaPublicKey,
  hash: HashName,
  signature: Uint8Array,
  digest: Uint8Array,
): boolean {
  const bits = key.modulus.toString(2).length - 1;
  const message = openSignature(key, signature, Math.ceil(bits / 8));
  if (message?.at(-1) !== 0xbc) return false;
  const seedAt = message.length - digest.length - 1;
  const seed = message.subarray(seedAt, -1);
  const unusedMask = 0xff >> (8 * message.length - bits);
  if (((message[0] ?? 0) & ~unusedMask) !== 0) return false;
  const block = unmask(message.subarray(0, seedAt), hash, seed);
  block[0] = (block[0] ?? 0) & unusedMask;
  const saltAt = block.indexOf(1) + 1;
  if (saltAt === 0 || block.subarray(0, saltAt - 1).some((byte) => byte !== 0)) return false;
  return equalBytes(hashes[hash](concatBytes(new Uint8Array(8), digest, block.subarray(saltAt))), seed);
}

// MGF1 (RFC 8017 §B.2.1), applied.
function unmask(masked: Uint8Array, hash: HashName, seed: Uint8Array): Bytes {
  const mask: Uint8Array[] = [];
  for (let i = 0, length = 0; length < masked.length; i++, length += seed.length) {
    mask.push(hashes[hash](concatBytes(seed, new Uint8Array([0, 0, i >> 8, i & 0xff]))));
  }
  const key = concatBytes(...mask);
  return new Uint8Array(masked.map((byte, i) => byte ^ (key[i] ?? 0)));
}

// RSAVP1 and I2OSP (RFC 8017 §5.2.2, §4.1).
function openSignature(key: RsaPublicKey, signature: Uint8Array, lengthBytes: number): Bytes | undefined {
  const value = toNumber(signature);
  if (signature.length !== key.modulusBytes || value >= key.modulus) return undefined;
  const text = power(value, key.exponent, key.modulus).toString(16);
  return text.length > lengthBytes * 2 ? undefined : parseHex(text.padStart(lengthBytes * 2, "0"));
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === "1") result = (result * base) % modulus;
  }
  return result;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x0${toHex(bytes)}`);
}
