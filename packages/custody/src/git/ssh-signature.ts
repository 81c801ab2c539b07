import { sha256, sha512 } from "@noble/hashes/sha2.js";
import type { Bytes, Crypto, SignatureScheme } from "custody/ground";
import { concatBytes, derValue, equalBytes, parseBase64, utf8 } from "custody/ground";

import type { SshPublicKey } from "./ssh-key.ts";
import { parseSshKeyBlob } from "./ssh-key.ts";
import { wireFault, WireReader, wireString } from "./wire.ts";

/** An SSH signature (OpenSSH PROTOCOL.sshsig): who signed, for what purpose, over which hash of the message. */
export interface SshSignature {
  readonly publicKey: SshPublicKey;
  readonly namespace: string;
  readonly reserved: Bytes;
  readonly hashAlgorithm: "sha256" | "sha512";
  readonly algorithm: string;
  readonly signature: Bytes;
  /** Flags and counter of a security key, which its signature covers (PROTOCOL.u2f). */
  readonly securityKey?: { readonly flags: number; readonly rest: Bytes };
}

const magic = utf8("SSHSIG");
const begin = "-----BEGIN SSH SIGNATURE-----";
const end = "-----END SSH SIGNATURE-----";
const maxArmoredLength = 32_768;
const userPresent = 0x01;

/** Which signature algorithms each key type may use; `ssh-rsa` (SHA-1) is not among them (PROTOCOL.sshsig §3). */
const algorithms: Readonly<Record<string, readonly string[]>> = {
  "ssh-rsa": ["rsa-sha2-256", "rsa-sha2-512"],
};

/**
 * The signature of its armored text (PROTOCOL.sshsig §1, §3), format version 1.
 *
 * @throws CustodyError `git/ssh-format`, `git/ssh-key-type`, `bytes/base64`.
 */
export function parseSshSignature(armored: string): SshSignature {
  const reader = new WireReader(dearmor(armored));
  if (!equalBytes(reader.take(magic.length), magic)) throw wireFault("the magic is not SSHSIG");
  if (reader.uint32() !== 1) throw wireFault("only signature format version 1 is read");
  const publicKey = parseSshKeyBlob(reader.string());
  const namespace = reader.text();
  const reserved = reader.string();
  const hashAlgorithm = parseHashAlgorithm(reader.text());
  const inner = new WireReader(reader.string());
  reader.end();
  return { publicKey, namespace, reserved, hashAlgorithm, ...readInner(inner, publicKey) };
}

function dearmor(armored: string): Bytes {
  const lines = armored.trimEnd().split(/\r?\n/);
  if (armored.length > maxArmoredLength || lines[0] !== begin || lines.at(-1) !== end) {
    throw wireFault("the armor lines are missing");
  }
  return parseBase64(lines.slice(1, -1).join(""));
}

function parseHashAlgorithm(name: string): "sha256" | "sha512" {
  if (name !== "sha256" && name !== "sha512") throw wireFault("the hash is neither sha256 nor sha512");
  return name;
}

function readInner(
  reader: WireReader,
  publicKey: SshPublicKey,
): Pick<SshSignature, "algorithm" | "signature" | "securityKey"> {
  const algorithm = reader.text();
  const permitted = algorithms[publicKey.type] ?? [publicKey.type];
  if (!permitted.includes(algorithm)) throw wireFault(`a ${publicKey.type} key cannot sign as ${algorithm}`);
  const signature = reader.string();
  if (publicKey.application === undefined) {
    reader.end();
    return { algorithm, signature };
  }
  const rest = reader.take(5);
  reader.end();
  return { algorithm, signature, securityKey: { flags: rest[0] ?? 0, rest } };
}

/**
 * Whether the signature is good for the message in exactly that namespace (PROTOCOL.sshsig §4: purposes do not mix).
 * A security key's signature counts only with the user present.
 *
 * @example await verifySshSignature(crypto, parseSshSignature(armored), "git", payload)
 */
export async function verifySshSignature(
  crypto: Crypto,
  signature: SshSignature,
  namespace: string,
  message: Uint8Array,
): Promise<boolean> {
  if (namespace === "" || signature.namespace !== namespace) return false;
  const { publicKey, securityKey } = signature;
  if (securityKey && (securityKey.flags & userPresent) === 0) return false;
  const signed = signedBytesOf(crypto, signature, message);
  const key = { ...publicKey.key, scheme: schemeOf(signature) };
  const raw = key.scheme.startsWith("ecdsa") ? ecdsaDer(signature.signature) : signature.signature;
  return crypto.verify(key, raw, signed);
}

function signedBytesOf(crypto: Crypto, signature: SshSignature, message: Uint8Array): Bytes {
  const { hashAlgorithm, namespace, reserved, securityKey, publicKey } = signature;
  const hash = hashAlgorithm === "sha512" ? sha512(message) : sha256(message);
  const parts = [
    wireString(utf8(namespace)),
    wireString(reserved),
    wireString(utf8(hashAlgorithm)),
    wireString(hash),
  ];
  const blob = concatBytes(magic, ...parts);
  if (!securityKey || !publicKey.application) return blob;
  return concatBytes(crypto.sha256(publicKey.application), securityKey.rest, crypto.sha256(blob));
}

function schemeOf({ algorithm, publicKey }: SshSignature): SignatureScheme {
  return algorithm === "rsa-sha2-256" ? "rsa-pkcs1-sha256" : publicKey.key.scheme;
}

// RFC 5656 §3.1.2 carries r and s as two mpints; the crypto port takes ECDSA-Sig-Value. An mpint is a DER integer's content.
function ecdsaDer(signature: Bytes): Bytes {
  const reader = new WireReader(signature);
  const [r, s] = [reader.string(), reader.string()];
  reader.end();
  if (r.length > 67 || s.length > 67) throw wireFault("an ECDSA coordinate is too long");
  return derValue(0x30, concatBytes(derValue(0x02, r), derValue(0x02, s)));
}
