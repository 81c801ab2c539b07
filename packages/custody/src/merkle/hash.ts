import { equalBytes } from "custody/ground";
import type { Bytes, Crypto } from "custody/ground";

import { merkleFault } from "./faults.ts";

/** The one function of {@link Crypto} that trees need. */
export type Hasher = Pick<Crypto, "sha256">;

export const hashBytes = 32;

/** The hash of a leaf: SHA-256(0x00 ‖ entry) (RFC 6962 §2.1). */
export function leafHash(hasher: Hasher, entry: Uint8Array): Bytes {
  const input = new Uint8Array(1 + entry.length);
  input.set(entry, 1);
  return hasher.sha256(input);
}

/** The hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
export function nodeHash(hasher: Hasher, left: Uint8Array, right: Uint8Array): Bytes {
  const input = new Uint8Array(1 + 2 * hashBytes);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + hashBytes);
  return hasher.sha256(input);
}

/** The root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export function emptyRoot(hasher: Hasher): Bytes {
  return hasher.sha256(new Uint8Array());
}

/** @throws CustodyError `merkle/hash` for anything but 32 bytes. */
export function checkHash(hash: Uint8Array): void {
  if (hash.length !== hashBytes) {
    throw merkleFault("merkle/hash", `a tree's hash has ${hashBytes} bytes, this one ${hash.length}`);
  }
}

export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === hashBytes && equalBytes(a, b);
}
