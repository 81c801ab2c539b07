import { concatBytes, equalBytes, parseBase64, parseHex, toBase64, toHex, utf8 } from "custody/ground";
import type { Bytes, Crypto, PublicKey } from "custody/ground";

import { noteFault } from "./faults.ts";
import { isKeyName } from "./signed-note.ts";

/**
 * How a key signs notes (C2SP signed-note, Signature types): `ed25519` is 0x01, `ecdsa` 0x02 (P-256 here), and
 * `cosignature/v1` 0x04, a witness's timestamped Ed25519 signature.
 */
export type NoteSignatureType = "ed25519" | "ecdsa" | "cosignature/v1";

/** A key that notes are verified with, by the name and ID that signature lines carry. */
export interface VerifierKey {
  readonly name: string;
  /** Four bytes, in hexadecimal. */
  readonly keyId: string;
  readonly type: NoteSignatureType;
  readonly publicKey: PublicKey;
}

type Hasher = Pick<Crypto, "sha256">;

const typeBytes: Record<NoteSignatureType, number> = { ed25519: 0x01, ecdsa: 0x02, "cosignature/v1": 0x04 };

// SubjectPublicKeyInfo up to the key itself: RFC 8410 §4 and RFC 5480 §2 (P-256, uncompressed point).
const ed25519Prefix = parseHex("302a300506032b6570032100");
const p256Prefix = parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
const ed25519SpkiBytes = ed25519Prefix.length + 32;
const p256SpkiBytes = p256Prefix.length + 64;

/**
 * The verifier key of a public key under a name, its key ID computed.
 *
 * @throws CustodyError `note/key` for a name or key that notes of that type do not have.
 */
export function verifierKeyOf(
  hasher: Hasher,
  name: string,
  type: NoteSignatureType,
  publicKey: PublicKey,
): VerifierKey {
  if (!isKeyName(name)) throw noteFault("note/key", "a key's name has no spaces and no plus sign");
  if (!isKeyOf(type, publicKey)) throw noteFault("note/key", `the public key cannot make ${type} signatures`);
  return { name, type, publicKey, keyId: toHex(computeKeyId(hasher, name, type, publicKey)) };
}

function isKeyOf(type: NoteSignatureType, { scheme, spki }: PublicKey): boolean {
  return type === "ecdsa"
    ? scheme === "ecdsa-p256-sha256" && hasShape(spki, p256Prefix, p256SpkiBytes)
    : scheme === "ed25519" && hasShape(spki, ed25519Prefix, ed25519SpkiBytes);
}

function hasShape(spki: Uint8Array, prefix: Uint8Array, sizeBytes: number): boolean {
  return spki.length === sizeBytes && equalBytes(spki.subarray(0, prefix.length), prefix);
}

// ECDSA keys have the truncated hash of their SPKI (C2SP signed-note, 0x02); the others follow the recommendation.
function computeKeyId(hasher: Hasher, name: string, type: NoteSignatureType, publicKey: PublicKey): Bytes {
  const input =
    type === "ecdsa" ? publicKey.spki : concatBytes(utf8(`${name}\n`), keyMaterial(type, publicKey));
  return hasher.sha256(input).slice(0, 4);
}

function keyMaterial(type: NoteSignatureType, { spki }: PublicKey): Bytes {
  const key = type === "ecdsa" ? spki : spki.subarray(ed25519Prefix.length);
  return concatBytes(new Uint8Array([typeBytes[type]]), key);
}

/** The key as text, `<name>+<key ID>+<base64 of type and key>` (C2SP signed-note, Verifier keys). */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${key.keyId}+${toBase64(keyMaterial(key.type, key.publicKey))}`;
}

const syntax = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,256})$/u;

/**
 * The key that a vkey text stands for.
 *
 * @throws CustodyError `note/key` when it is malformed, of a type not known here, or its key ID is not the key's.
 */
export function parseVerifierKey(hasher: Hasher, text: string): VerifierKey {
  const [, name = "", keyId = "", base64 = ""] = syntax.exec(text) ?? [];
  const [typeByte, ...material] = parseMaterial(base64);
  const key = findKey(hasher, name, typeByte, new Uint8Array(material));
  if (!key || key.keyId !== keyId) {
    throw noteFault("note/key", "the text is not a verifier key", { subject: text.slice(0, 120) });
  }
  return key;
}

function parseMaterial(base64: string): Bytes {
  try {
    return parseBase64(base64);
  } catch (cause) {
    throw noteFault("note/key", "the key is not canonical base64", { cause });
  }
}

function findKey(
  hasher: Hasher,
  name: string,
  typeByte: number | undefined,
  key: Bytes,
): VerifierKey | undefined {
  switch (typeByte) {
    case typeBytes.ed25519:
      return verifierKeyOf(hasher, name, "ed25519", ed25519Key(key));
    case typeBytes.ecdsa:
      return verifierKeyOf(hasher, name, "ecdsa", { scheme: "ecdsa-p256-sha256", spki: key });
    case typeBytes["cosignature/v1"]:
      return verifierKeyOf(hasher, name, "cosignature/v1", ed25519Key(key));
    default:
      return undefined;
  }
}

function ed25519Key(raw: Bytes): PublicKey {
  return { scheme: "ed25519", spki: concatBytes(ed25519Prefix, raw) };
}
