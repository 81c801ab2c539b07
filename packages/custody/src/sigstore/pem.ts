import { parsePublicKey } from "custody/evidence";
import type { PublicKey } from "custody/ground";
import { findPemBlocks } from "custody/ground";

import { reading, sigstoreFault } from "./reasons.ts";

/**
 * The public key of a PEM file (`PUBLIC KEY`: SubjectPublicKeyInfo).
 *
 * @throws CustodyError `sigstore/key-malformed`.
 */
export function parsePublicKeyPem(text: string): PublicKey {
  const [first, second] = findPemBlocks(text) ?? [];
  if (first?.label !== "PUBLIC KEY" || second) {
    throw sigstoreFault("sigstore/key-malformed", "the file does not hold one PUBLIC KEY in PEM");
  }
  return reading("sigstore/key-malformed", "the public key", () => parsePublicKey(first.der));
}
