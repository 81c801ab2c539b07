import { constants } from "node:crypto";
import type { KeyObject } from "node:crypto";

import type { CurveName, HashName, SignatureScheme } from "custody/ground";

interface NodeAlgorithm {
  /** The digest that node:crypto applies; null where the scheme brings its own (Ed25519, ML-DSA). */
  readonly hash: HashName | null;
  readonly keyType: "ed25519" | "ml-dsa-44" | "ec" | "rsa";
  /** OpenSSL's name of the curve, for `ec`. */
  readonly curve?: "prime256v1" | "secp384r1" | "secp521r1";
  /** How an RSA signature is padded. */
  readonly padding?: { readonly padding: number; readonly saltLength?: number };
}

const curves = { p256: "prime256v1", p384: "secp384r1", p521: "secp521r1" } as const;
const paddings = {
  pkcs1: { padding: constants.RSA_PKCS1_PADDING },
  pss: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
} as const;
const hashes: readonly HashName[] = ["sha256", "sha384", "sha512"];

/** What node:crypto must be told to verify with each scheme. */
export const algorithms: ReadonlyMap<SignatureScheme, NodeAlgorithm> = new Map<
  SignatureScheme,
  NodeAlgorithm
>([
  ["ed25519", { hash: null, keyType: "ed25519" }],
  ["ml-dsa-44", { hash: null, keyType: "ml-dsa-44" }],
  ...hashes.flatMap((hash) => [
    ...ecdsaWith(hash, "p256"),
    ...ecdsaWith(hash, "p384"),
    ...ecdsaWith(hash, "p521"),
    ...rsaWith(hash, "pkcs1"),
    ...rsaWith(hash, "pss"),
  ]),
]);

function ecdsaWith(hash: HashName, curve: CurveName): [SignatureScheme, NodeAlgorithm][] {
  return [[`ecdsa-${curve}-${hash}`, { hash, keyType: "ec", curve: curves[curve] }]];
}

function rsaWith(hash: HashName, kind: "pkcs1" | "pss"): [SignatureScheme, NodeAlgorithm][] {
  return [[`rsa-${kind}-${hash}`, { hash, keyType: "rsa", padding: paddings[kind] }]];
}

const minRsaBits = 2048;

/** @throws TypeError for what is no scheme: bytes from outside never get here unread. */
export function algorithmOf(scheme: SignatureScheme): NodeAlgorithm {
  const algorithm = algorithms.get(scheme);
  if (!algorithm) throw new TypeError(`${scheme} is no signature scheme`);
  return algorithm;
}

/** True when the key, public or private, is of the type, curve and size that the scheme names. */
export function isKeyOf(key: KeyObject, scheme: SignatureScheme): boolean {
  const { keyType, curve } = algorithmOf(scheme);
  const { namedCurve, modulusLength = minRsaBits } = key.asymmetricKeyDetails ?? {};
  return key.asymmetricKeyType === keyType && namedCurve === curve && modulusLength >= minRsaBits;
}
