import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { equalBytes } from "custody/ground";

import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext, RegoCrypto } from "../builtin.ts";
import type { TokenKey } from "../crypto/jwk.ts";
import { algorithms } from "./keys.ts";

/** The hashes of HMAC algorithms (RFC 7518 §3.2). */
const macs = { HS256: sha256, HS384: sha384, HS512: sha512 } as const;

type MacName = keyof typeof macs;

export function isMac(algorithm: string): algorithm is MacName {
  return Object.hasOwn(macs, algorithm);
}

export interface Signed {
  readonly algorithm: string;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** True when the key made the signature with that algorithm; false for a key of another kind too. */
export function verifySignature(context: BuiltinContext, key: TokenKey, signed: Signed): boolean {
  const { algorithm, bytes, signature } = signed;
  if (isMac(algorithm)) {
    return key.secret !== undefined && equalBytes(hmac(macs[algorithm], key.secret, bytes), signature);
  }
  if (!key.spki || !algorithms.has(algorithm)) return false;
  return cryptoOf(context).verify(algorithm, key.spki, signature, bytes);
}

/** @throws BuiltinError for a key that does not fit the algorithm. */
export function sign(
  context: BuiltinContext,
  key: TokenKey,
  { algorithm, bytes }: Omit<Signed, "signature">,
): Uint8Array {
  if (isMac(algorithm) && key.secret) return hmac(macs[algorithm], key.secret, bytes);
  if (isMac(algorithm) || !key.pkcs8) throw wrongKey(key, algorithm);
  try {
    return cryptoOf(context).sign(algorithm, key.pkcs8, bytes);
  } catch (cause) {
    throw new BuiltinError(`failed to sign payload: ${(cause as Error).message}`);
  }
}

const wantedKeys: Readonly<Record<string, readonly [wanted: string, context: string]>> = {
  HS: ["[]byte", "keyconv: "],
  RS: ["*rsa.PrivateKey", ""],
  PS: ["*rsa.PrivateKey", ""],
  ES: ["*ecdsa.PrivateKey", "keyconv: "],
  Ed: ["ed25519.PrivateKey", ""],
};

function wrongKey({ type = "" }: TokenKey, algorithm: string): BuiltinError {
  const [wanted = "", context = ""] = wantedKeys[algorithm.slice(0, 2)] ?? [];
  return new BuiltinError(
    `jwsbb.Sign: invalid key type *jwk.${type}. ${wanted} is required: ${context}failed to produce ${wanted.replace("*", "")} from *jwk.${type}: jwk.Export: no suitable exporter found for key type '*jwk.${type}'`,
  );
}

function cryptoOf({ host }: BuiltinContext): RegoCrypto {
  if (host.crypto) return host.crypto;
  throw new BuiltinError("no cryptography for public keys");
}

/**
 * True when one of the keys made the signature. The key that the header names decides alone; a key for another
 * algorithm than the header's is passed over.
 */
export function verifyWithAny(
  context: BuiltinContext,
  keys: readonly TokenKey[],
  { kid, alg, signed }: { readonly kid: string; readonly alg: string; readonly signed: Signed },
): boolean {
  const named = kid === "" ? undefined : keys.find(({ id }) => id === kid);
  if (named) return verifySignature(context, named, signed);
  return keys
    .filter(({ algorithm }) => algorithm === "" || algorithm === alg)
    .some((key) => verifySignature(context, key, signed));
}
