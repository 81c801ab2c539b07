import { createPublicKey, hash, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { equalBytes } from "custody/ground";
import type { Bytes, Crypto, PublicKey } from "custody/ground";

import { algorithms, isKeyOf } from "./algorithms.ts";

/** The {@link Crypto} of servers: node:crypto, synchronous. Keys must be canonical SubjectPublicKeyInfo (DER). */
export const nodeCrypto = {
  sha256(data: Uint8Array): Bytes {
    return new Uint8Array(hash("sha256", data, "buffer"));
  },

  verify(key: PublicKey, signature: Uint8Array, data: Uint8Array): boolean {
    try {
      return verify(algorithms[key.scheme].hash, data, findKeyObject(key), signature);
    } catch {
      return false;
    }
  },
} satisfies Crypto;

const cacheLimit = 256;
const cache = new Map<string, KeyObject>();

// Parsing a key costs about as much as verifying with it; the few keys of one installation come again and again.
function findKeyObject(key: PublicKey): KeyObject {
  const name = `${key.scheme}:${Buffer.from(key.spki).toString("latin1")}`;
  const found = cache.get(name);
  if (found) return found;
  const parsed = parseKey(key);
  if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value ?? "");
  cache.set(name, parsed);
  return parsed;
}

function parseKey(key: PublicKey): KeyObject {
  const parsed = createPublicKey({ key: Buffer.from(key.spki), format: "der", type: "spki" });
  const isCanonical = equalBytes(parsed.export({ format: "der", type: "spki" }), key.spki);
  if (!isCanonical || !isKeyOf(parsed, key.scheme)) throw new TypeError("not a key of its scheme");
  return parsed;
}
