import { concatBytes, equalBytes, parseBase64, parseHex, toBase64, toHex, utf8 } from "custody/ground";
import type { Bytes, Crypto, PublicKey, SignatureScheme } from "custody/ground";

import { noteFault } from "./faults.ts";
import { isKeyName } from "./signed-note.ts";

/**
 * How a key signs notes (C2SP signed-note, Signature types): `ed25519` is 0x01, `ecdsa` 0x02 (P-256 here),
 * `cosignature/v1` 0x04, a witness's timestamped Ed25519 signature, and `subtree/v1` 0x06, the same with ML-DSA-44.
 */
export type NoteSignatureType = "ed25519" | "ecdsa" | "cosignature/v1" | "subtree/v1";

/** A key that notes are verified with, by the name and ID that signature lines carry. */
export interface VerifierKey {
  readonly name: string;
  /** Four bytes, in hexadecimal. */
  readonly keyId: string;
  readonly type: NoteSignatureType;
  readonly publicKey: PublicKey;
}

type Hasher = Pick<Crypto, "sha256">;

/** What keys of a type are: SubjectPublicKeyInfo is `prefix`, then the key itself. */
interface KeyForm {
  readonly typeByte: number;
  readonly scheme: SignatureScheme;
  readonly prefix: Bytes;
  readonly keyBytes: number;
}

// RFC 8410 §4, RFC 5480 §2 (P-256, uncompressed point) and RFC 9881 §4.
const ed25519 = { scheme: "ed25519", prefix: parseHex("302a300506032b6570032100"), keyBytes: 32 } as const;
const p256Prefix = parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
const mlDsa44Prefix = parseHex("30820532300b06096086480165030403110382052100");

const forms: Readonly<Record<NoteSignatureType, KeyForm>> = {
  ed25519: { typeByte: 0x01, ...ed25519 },
  ecdsa: { typeByte: 0x02, scheme: "ecdsa-p256-sha256", prefix: p256Prefix, keyBytes: 64 },
  "cosignature/v1": { typeByte: 0x04, ...ed25519 },
  "subtree/v1": { typeByte: 0x06, scheme: "ml-dsa-44", prefix: mlDsa44Prefix, keyBytes: 1312 },
};
const types = Object.keys(forms) as NoteSignatureType[];

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
  const { prefix, keyBytes, ...form } = forms[type];
  const isWhole = spki.length === prefix.length + keyBytes;
  return isWhole && scheme === form.scheme && equalBytes(spki.subarray(0, prefix.length), prefix);
}

// ECDSA keys have the truncated hash of their SPKI (C2SP signed-note, 0x02); the others follow the recommendation.
function computeKeyId(hasher: Hasher, name: string, type: NoteSignatureType, publicKey: PublicKey): Bytes {
  const input =
    type === "ecdsa" ? publicKey.spki : concatBytes(utf8(`${name}\n`), keyMaterial(type, publicKey));
  return hasher.sha256(input).slice(0, 4);
}

// What stands in a vkey after the type: the key itself, but ECDSA's whole SPKI.
function keyMaterial(type: NoteSignatureType, { spki }: PublicKey): Bytes {
  const { typeByte, prefix } = forms[type];
  return concatBytes(new Uint8Array([typeByte]), type === "ecdsa" ? spki : spki.subarray(prefix.length));
}

/** The key as text, `<name>+<key ID>+<base64 of type and key>` (C2SP signed-note, Verifier keys). */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${key.keyId}+${toBase64(keyMaterial(key.type, key.publicKey))}`;
}

const syntax = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,1760})$/u;

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
  const type = types.find((type) => forms[type].typeByte === typeByte);
  if (!type) return undefined;
  const { scheme, prefix } = forms[type];
  return verifierKeyOf(hasher, name, type, {
    scheme,
    spki: type === "ecdsa" ? key : concatBytes(prefix, key),
  });
}
