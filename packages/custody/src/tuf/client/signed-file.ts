import { sha384, sha512 } from "@noble/hashes/sha2.js";
import type { Bytes, Crypto } from "custody/ground";
import { toHex } from "custody/ground";

import { tufFault } from "../faults.ts";
import type { TargetFile } from "./shapes.ts";

/** What is signed of a file; of metadata, either may be left out. */
type SignedFile = { readonly [Part in keyof TargetFile]?: TargetFile[Part] | undefined };

/**
 * Whether a file is the one that was signed for: of its length, and of every one of its hashes that is known here. Where
 * hashes are given and none is known (SHA-256, SHA-384 and SHA-512 are), it is not.
 */
export function isSignedFile(
  crypto: Pick<Crypto, "sha256">,
  { length, hashes }: SignedFile,
  bytes: Bytes,
): boolean {
  if (length !== undefined && bytes.length !== length) return false;
  if (hashes === undefined) return true;
  const algorithms = { sha256: crypto.sha256, sha384, sha512 };
  const known = Object.entries(algorithms).filter(([name]) => Object.hasOwn(hashes, name));
  return known.length > 0 && known.every(([name, hash]) => toHex(hash(bytes)) === hashes[name]);
}

/** @throws CustodyError `tuf/mismatch`. */
export function demandSignedFile(
  crypto: Pick<Crypto, "sha256">,
  { name, file }: { readonly name: string; readonly file: SignedFile },
  bytes: Bytes,
): void {
  if (isSignedFile(crypto, file, bytes)) return;
  throw tufFault("tuf/mismatch", `${name} is not of the length and hashes that were signed for it`, {
    subject: name,
    next: "ask again; if it stays so, the repository is broken or somebody changes files on the way",
  });
}
