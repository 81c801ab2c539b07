import { derBitString, derOid, DerReader, derTags, readDer, toBase64, toHex } from "custody/ground";
import type { Bytes } from "custody/ground";

import { numberOfInteger } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";

/** A public key in its parts; a point of a curve is uncompressed (SEC 1 §2.3.3). */
export type PublicKey =
  | { readonly kind: "rsa"; readonly n: bigint; readonly e: bigint }
  | { readonly kind: "ec" | "ed25519"; readonly point: Bytes };

/**
 * The key of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7); undefined for an algorithm that Go does not know.
 *
 * @throws CustodyError `der/malformed`
 */
export function findPublicKey(spki: Bytes): PublicKey | undefined {
  const reader = readDer(spki, derTags.sequence);
  const oid = derOid(reader.enter(derTags.sequence).read(derTags.oid));
  const { bytes } = derBitString(reader.read(derTags.bitString));
  switch (oid) {
    case "1.2.840.113549.1.1.1":
      return rsaKey(bytes);
    case "1.2.840.10045.2.1":
      return { kind: "ec", point: bytes };
    case "1.3.101.112":
      return { kind: "ed25519", point: bytes };
    default:
      return undefined;
  }
}

function rsaKey(bytes: Bytes): PublicKey {
  const reader = new DerReader(bytes).enter(derTags.sequence);
  const [n, e] = [reader.read(derTags.integer), reader.read(derTags.integer)];
  return { kind: "rsa", n: bigInteger(n.content), e: bigInteger(e.content) };
}

/** A public key as Go shows it, and Go's number for its algorithm. */
export interface PublicKeyValue {
  readonly algorithm: number;
  readonly key: RegoValue;
}

/** @throws CustodyError `der/malformed` */
export function publicKeyValue(spki: Bytes): PublicKeyValue {
  const key = findPublicKey(spki);
  switch (key?.kind) {
    case "rsa":
      return { algorithm: 1, key: { N: numberOfInteger(key.n), E: numberOfInteger(key.e) } };
    case "ec": {
      const size = (key.point.length - 1) / 2;
      const [x, y] = [key.point.subarray(1, 1 + size), key.point.subarray(1 + size)];
      return { algorithm: 3, key: { Curve: {}, X: bigNumber(x), Y: bigNumber(y) } };
    }
    case "ed25519":
      return { algorithm: 4, key: toBase64(key.point) };
    default:
      return { algorithm: 0, key: null };
  }
}

/** The number of big-endian bytes. */
export function bigNumber(bytes: Uint8Array): RegoValue {
  return numberOfInteger(bigInteger(bytes));
}

function bigInteger(bytes: Uint8Array): bigint {
  return BigInt(bytes.length === 0 ? 0 : `0x${toHex(bytes)}`);
}
