import { parsePublicKey } from "custody/evidence";
import type { Bytes, PublicKey, SignatureScheme } from "custody/ground";
import { concatBytes, CustodyError, findPemBlocks, parseHex } from "custody/ground";
import * as v from "valibot";

import { inTotoFault } from "./faults.ts";

/** A key as a layout lists it (in-toto specification v1.0 §4.2.1). */
export const layoutKeyShape = v.object({
  keyid: v.optional(v.string(), ""),
  keytype: v.string(),
  scheme: v.string(),
  keyval: v.object({
    public: v.optional(v.pipe(v.string(), v.maxLength(32_768)), ""),
    certificate: v.optional(v.pipe(v.string(), v.maxLength(32_768)), ""),
  }),
});

export type LayoutKey = v.InferOutput<typeof layoutKeyShape>;

/** SubjectPublicKeyInfo of Ed25519 up to the key itself (RFC 8410 §4). */
const ed25519Prefix = parseHex("302a300506032b6570032100");
const rsaSchemes: Readonly<Record<string, SignatureScheme>> = {
  "rsassa-pss-sha256": "rsa-pss-sha256",
  "rsassa-pss-sha384": "rsa-pss-sha384",
  "rsassa-pss-sha512": "rsa-pss-sha512",
  "rsa-pkcs1v15-sha256": "rsa-pkcs1-sha256",
  "rsa-pkcs1v15-sha384": "rsa-pkcs1-sha384",
  "rsa-pkcs1v15-sha512": "rsa-pkcs1-sha512",
};
const keyTypes: Readonly<Record<string, RegExp>> = {
  rsa: /^rsa-/,
  ecdsa: /^ecdsa-/,
  "ecdsa-sha2-nistp256": /^ecdsa-p256-/,
  "ecdsa-sha2-nistp384": /^ecdsa-p384-/,
  "ecdsa-sha2-nistp521": /^ecdsa-p521-/,
  ed25519: /^ed25519$/,
};

/** The public key that a layout lists; undefined for one that nothing here can verify with, which then vouches for nothing. */
export function findLayoutKey({ keytype, scheme, keyval }: LayoutKey): PublicKey | undefined {
  try {
    const key = readKey(keytype, scheme, keyval.public);
    return keyTypes[keytype]?.test(key.scheme) ? key : undefined;
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function readKey(keytype: string, scheme: string, text: string): PublicKey {
  if (keytype === "ed25519" && /^[0-9a-f]{64}$/i.test(text)) {
    return { scheme: "ed25519", spki: concatBytes(ed25519Prefix, parseHex(text.toLowerCase())) };
  }
  const key = parsePublicKeyPem(text);
  const rsa = rsaSchemes[scheme];
  return key.scheme.startsWith("rsa-") && rsa ? { ...key, scheme: rsa } : key;
}

/**
 * The public key of a PEM file, as in-toto uses keys: RSA with PSS and SHA-256, ECDSA with the hash of its curve.
 *
 * @throws CustodyError `in-toto/key`.
 */
export function parsePublicKeyPem(pem: string): PublicKey {
  const key = readPem(pem, "PUBLIC KEY", parsePublicKey);
  return key.scheme.startsWith("rsa-") ? { ...key, scheme: "rsa-pss-sha256" } : key;
}

/**
 * What the one block of a PEM text holds, which must have that label.
 *
 * @throws CustodyError `in-toto/key`, or what `read` throws.
 */
export function readPem<Found>(pem: string, label: string, read: (der: Bytes) => Found): Found {
  const [first, ...rest] = findPemBlocks(pem) ?? [];
  if (first?.label === label && rest.length === 0) return read(first.der);
  throw inTotoFault("in-toto/key", `not a PEM file of one ${label.toLowerCase()}`);
}
