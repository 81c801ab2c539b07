import type { Crypto } from "custody/ground";
import type { VerifierKey } from "custody/note";
import { verifierKeyOf } from "custody/note";

import type { TrustedLog } from "./trusted-root.ts";

/**
 * The key by which a trusted log's notes are verified: its checkpoints, or what it signs in another name, as of its index.
 *
 * @throws CustodyError `note/key` for a name or key that notes do not have.
 */
export function logKeyOf(
  hasher: Pick<Crypto, "sha256">,
  { origin, publicKey }: Pick<TrustedLog, "origin" | "publicKey">,
  name: string = origin,
): VerifierKey {
  return verifierKeyOf(hasher, name, publicKey.scheme === "ed25519" ? "ed25519" : "ecdsa", publicKey);
}
