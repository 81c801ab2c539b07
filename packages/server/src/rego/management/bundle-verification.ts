import { createPublicKey } from "node:crypto";

import { nodeRegoCrypto } from "@custody/node/rego-host";
import { CustodyError, utf8 } from "custody/ground";
import { verifyBundle } from "custody/rego/bundle";
import type { BundleFiles, BundleKey } from "custody/rego/bundle";
import type { KeyConfig, SigningConfig } from "custody/rego/config";

/** Holds the files of a bundle against its signature. @throws RegoFault `rego/bundle` for one that does not count. */
export type BundleVerification = (files: BundleFiles) => void;

interface ScopedKey {
  readonly key: BundleKey;
  readonly scope: string;
}

/**
 * Bundles must be signed with the one key that is meant, or with any of them.
 *
 * @throws CustodyError `server/key` for a text that is no key of its algorithm.
 */
export function bundleVerification(
  { keyId, scope, exclude }: SigningConfig,
  keys: ReadonlyMap<string, KeyConfig>,
): BundleVerification {
  const meant = [...keys.values()].filter(({ id }) => keyId === undefined || id === keyId);
  const candidates = meant.map((one): ScopedKey => ({ key: parseKey(one), scope: scope || one.scope }));
  return (files) => {
    let refusal: unknown;
    for (const one of candidates) {
      try {
        return verifyBundle(files, { ...one, crypto: nodeRegoCrypto, exclude });
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  };
}

function parseKey({ id, key, algorithm }: KeyConfig): BundleKey {
  if (algorithm.startsWith("HS")) return { algorithm, bytes: utf8(key) };
  try {
    const der = createPublicKey(key).export({ format: "der", type: "spki" });
    return { algorithm, bytes: new Uint8Array(der) };
  } catch (cause) {
    throw new CustodyError("server/key", `keys.${id}: it is no public key in PEM`, {
      subject: id,
      next: `write the public key for ${algorithm} between BEGIN and END PUBLIC KEY`,
      cause,
    });
  }
}
