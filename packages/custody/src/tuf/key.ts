import { canonicalize } from "@tufjs/canonical-json";
import type { Bytes, Crypto, PublicKey, SignatureScheme } from "custody/ground";
import { concatBytes, CustodyError, findPemBlocks, parseHex, toBase64, toHex, utf8 } from "custody/ground";
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

/**
 * What a key of any repository verifies with; undefined for one that nothing here can read, which then signs nothing:
 * Ed25519 in hexadecimal, ECDSA P-256 and RSA (RSASSA-PSS, SHA-256) in PEM (§4.2).
 */
export function findPublicKey({ keytype, scheme, keyval }: TufKey): PublicKey | undefined {
  switch (`${keytype} ${scheme}`) {
    case "ed25519 ed25519":
      return findEd25519Key(keyval.public);
    case "ecdsa ecdsa-sha2-nistp256":
    case "ecdsa-sha2-nistp256 ecdsa-sha2-nistp256":
      return findPemKey(keyval.public, "ecdsa-p256-sha256");
    case "rsa rsassa-pss-sha256": {
      const key = findPemKey(keyval.public, "rsa-pkcs1-sha256");
      return key && { ...key, scheme: "rsa-pss-sha256" };
    }
    default:
      return undefined;
  }
}

function findEd25519Key(text: string): PublicKey | undefined {
  if (!/^[0-9a-f]{64}$/.test(text)) return undefined;
  return { scheme: "ed25519", spki: concatBytes(ed25519Prefix, parseHex(text)) };
}

function findPemKey(text: string, scheme: SignatureScheme): PublicKey | undefined {
  const [block, second] = findPemBlocks(text) ?? [];
  if (block?.label !== "PUBLIC KEY" || second) return undefined;
  try {
    const key = parsePublicKey(block.der);
    return key.scheme === scheme ? key : undefined;
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function pemOf(spki: Bytes): string {
  const lines = toBase64(spki).match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`;
}
