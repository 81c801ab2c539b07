import { constants, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

import type { RegoHost } from "custody/rego";

type RegoCrypto = NonNullable<RegoHost["crypto"]>;

/**
 * Signatures as tokens have them (RFC 7518 §3, RFC 8037), and the public halves of keys. A key of the wrong kind
 * verifies nothing and cannot sign.
 */
export const nodeRegoCrypto: RegoCrypto = {
  verify(algorithm, spki, signature, data) {
    try {
      const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
      const scheme = findScheme(algorithm, key);
      return scheme !== undefined && verify(scheme.hash, data, { key, ...scheme.options }, signature);
    } catch {
      return false;
    }
  },
  sign(algorithm, pkcs8, data) {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
    const scheme = findScheme(algorithm, key);
    if (!scheme) throw new Error(`the key does not fit ${algorithm}`);
    return sign(scheme.hash, data, { key, ...scheme.options });
  },
  publicKey(pkcs8) {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
    return createPublicKey(key).export({ format: "der", type: "spki" });
  },
};

interface Scheme {
  readonly hash: string | null;
  readonly options: {
    readonly padding?: number;
    readonly saltLength?: number;
    readonly dsaEncoding?: "ieee-p1363";
  };
}

function findScheme(algorithm: string, { asymmetricKeyType }: KeyObject): Scheme | undefined {
  if (algorithm === "EdDSA") return asymmetricKeyType === "ed25519" ? { hash: null, options: {} } : undefined;
  const [, family, bits] = /^(RS|PS|ES)(256|384|512)$/.exec(algorithm) ?? [];
  const hash = `sha${bits}`;
  switch (family) {
    case "ES":
      return asymmetricKeyType === "ec" ? { hash, options: { dsaEncoding: "ieee-p1363" } } : undefined;
    case "RS":
      return asymmetricKeyType === "rsa"
        ? { hash, options: { padding: constants.RSA_PKCS1_PADDING } }
        : undefined;
    case "PS":
      return asymmetricKeyType === "rsa"
        ? {
            hash,
            options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
          }
        : undefined;
    default:
      return undefined;
  }
}
