import type { KeyObject } from "node:crypto";

import type { SignatureScheme } from "custody/ground";

interface NodeAlgorithm {
  /** The digest that node:crypto applies; null where the scheme brings its own (Ed25519). */
  readonly hash: "sha256" | "sha384" | "sha512" | null;
  readonly keyType: "ed25519" | "ec" | "rsa";
  /** OpenSSL's name of the curve, for `ec`. */
  readonly curve?: "prime256v1" | "secp384r1" | "secp521r1";
}

export const algorithms: Record<SignatureScheme, NodeAlgorithm> = {
  ed25519: { hash: null, keyType: "ed25519" },
  "ecdsa-p256-sha256": { hash: "sha256", keyType: "ec", curve: "prime256v1" },
  "ecdsa-p384-sha384": { hash: "sha384", keyType: "ec", curve: "secp384r1" },
  "ecdsa-p521-sha512": { hash: "sha512", keyType: "ec", curve: "secp521r1" },
  "rsa-pkcs1-sha256": { hash: "sha256", keyType: "rsa" },
  "rsa-pkcs1-sha512": { hash: "sha512", keyType: "rsa" },
};

/** True when the key, public or private, is of the type and curve that the scheme names. */
export function isKeyOf(key: KeyObject, scheme: SignatureScheme): boolean {
  const { keyType, curve } = algorithms[scheme];
  return key.asymmetricKeyType === keyType && key.asymmetricKeyDetails?.namedCurve === curve;
}
