import { createPublicKey, hash, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { equalBytes } from "custody/ground";
import type { Bytes, Crypto, PublicKey } from "custody/ground";

import { algorithmOf, isKeyOf } from "./algorithms.ts";

/** The {@link Crypto} of servers: node:crypto, synchronous. Keys must be canonical SubjectPublicKeyInfo (DER). */
export const nodeCrypto = {
  sha256(data: Uint8Array): Bytes {
    return new Uint8Array(hash("sha256", data, "buffer"));
  },

  verify(key: PublicKey, signature: Uint8Array, data: Uint8Array): boolean {
    try {
      const { hash: hashName, padding } = algorithmOf(key.scheme);
      const found = findKeyObject(key);
      // An object around the key, where it is not needed, costs a fifth of a whole verification.
      return verify(hashName, data, padding ? { key: found, ...padding } : found, signature);
    } catch {
      return false;
    }
  },

  async verifyDigest(key: PublicKey, signature: Uint8Array, digest: Uint8Array): Promise<boolean> {
    return (await import("custody/ground/verify-digest")).verifyDigest(key, signature, digest);
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
