import { canonicalize } from "@tufjs/canonical-json";
import type { Bytes, Crypto, PublicKey } from "custody/ground";
import { concatBytes, findPemBlocks, parseHex, toBase64, toHex, utf8 } from "custody/ground";
import { parsePublicKey } from "custody/evidence";

import { tufFault } from "./faults.ts";

/** A public key as metadata carry it (TUF 1.0 §4.2). */
export interface TufKey {
  readonly keytype: string;
  readonly scheme: string;
  readonly keyval: { readonly public: string };
}

const ed25519 = { keytype: "ed25519", scheme: "ed25519" };
const ecdsa = { keytype: "ecdsa", scheme: "ecdsa-sha2-nistp256" };
const ed25519KeyBytes = 32;
/** SubjectPublicKeyInfo of Ed25519 without the key (RFC 8410 §4). */
const ed25519Prefix = parseHex("302a300506032b6570032100");

/** @throws CustodyError `tuf/malformed` for a key that is neither Ed25519 nor ECDSA P-256. */
export function tufKeyOf({ scheme, spki }: PublicKey): TufKey {
  if (scheme === "ed25519") return { ...ed25519, keyval: { public: toHex(spki.slice(-ed25519KeyBytes)) } };
  if (scheme === "ecdsa-p256-sha256") return { ...ecdsa, keyval: { public: pemOf(spki) } };
  throw tufFault("tuf/malformed", `keys of ${scheme} do not sign here`, {
    next: "use a key of Ed25519 or ECDSA P-256",
  });
}

/** A key's id: SHA-256 of its canonical JSON (§4.2). */
export function tufKeyId(crypto: Pick<Crypto, "sha256">, key: TufKey): string {
  return toHex(crypto.sha256(utf8(canonicalize(key))));
}

/** @throws CustodyError `tuf/malformed`. */
export function publicKeyOf({ keytype, scheme, keyval }: TufKey): PublicKey {
  if (keytype === ed25519.keytype && scheme === ed25519.scheme) {
    if (!/^[0-9a-f]{64}$/.test(keyval.public)) throw malformedKey();
    return { scheme: "ed25519", spki: concatBytes(ed25519Prefix, parseHex(keyval.public)) };
  }
  const [block, second] = findPemBlocks(keyval.public) ?? [];
  if (scheme !== ecdsa.scheme || block?.label !== "PUBLIC KEY" || second) throw malformedKey();
  const key = parsePublicKey(block.der);
  if (key.scheme !== "ecdsa-p256-sha256") throw malformedKey();
  return key;
}

function pemOf(spki: Bytes): string {
  const lines = toBase64(spki).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`;
}

function malformedKey(): Error {
  return tufFault("tuf/malformed", "a key of the metadata is neither Ed25519 nor ECDSA P-256");
}
