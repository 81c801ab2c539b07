import { derBitString, derOid, DerReader, derTags, readDer, toBase64, toHex } from "custody/ground";
import type { Bytes } from "custody/ground";

import { numberOfInteger } from "../../values/index.ts";
import type { RegoValue } from "../../values/index.ts";

/** A public key as Go shows it, and Go's number for its algorithm. */
export interface PublicKeyValue {
  readonly algorithm: number;
  readonly key: RegoValue;
}

/** @param spki SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
export function publicKeyValue(spki: Bytes): PublicKeyValue {
  const reader = readDer(spki, derTags.sequence);
  const oid = derOid(reader.enter(derTags.sequence).read(derTags.oid));
  const { bytes } = derBitString(reader.read(derTags.bitString));
  switch (oid) {
    case "1.2.840.113549.1.1.1":
      return { algorithm: 1, key: rsaValue(bytes) };
    case "1.2.840.10045.2.1": {
      const size = (bytes.length - 1) / 2;
      const [x, y] = [bytes.subarray(1, 1 + size), bytes.subarray(1 + size)];
      return { algorithm: 3, key: { Curve: {}, X: bigNumber(x), Y: bigNumber(y) } };
    }
    case "1.3.101.112":
      return { algorithm: 4, key: toBase64(bytes) };
    default:
      return { algorithm: 0, key: null };
  }
}

function rsaValue(bytes: Bytes): RegoValue {
  const reader = new DerReader(bytes).enter(derTags.sequence);
  const [modulus, exponent] = [reader.read(derTags.integer), reader.read(derTags.integer)];
  return { N: bigNumber(modulus.content), E: bigNumber(exponent.content) };
}

/** The number of big-endian bytes in two's complement where they are an INTEGER of DER. */
export function bigNumber(bytes: Uint8Array): RegoValue {
  return numberOfInteger(BigInt(bytes.length === 0 ? "0" : `0x${toHex(bytes)}`));
}
