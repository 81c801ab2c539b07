import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";

import type { Bytes } from "./bytes.ts";
import { equalBytes, parseHex } from "./bytes.ts";

// SubjectPublicKeyInfo of ML-DSA-44 up to the key itself (RFC 9881 §4).
const prefix = parseHex("30820532300b06096086480165030403110382052100");
const keyBytes = 1312;

/**
 * Verifies an ML-DSA-44 signature (FIPS 204 §5.3, pure, empty context) where the platform cannot. The crypto port's
 * adapter for browsers loads it when it is asked for, and not before.
 *
 * False for another kind of key; the caller takes what is thrown for false too.
 */
export function verifyMlDsa44(spki: Bytes, signature: Uint8Array, data: Uint8Array): boolean {
  if (spki.length !== prefix.length + keyBytes || !equalBytes(spki.subarray(0, prefix.length), prefix))
    return false;
  return ml_dsa44.verify(signature, data, spki.subarray(prefix.length));
}
