import { generateKeyPairSync, sign } from "node:crypto";

import type { Signer } from "custody/ground";

/** A signer of a fresh key in this process. */
export function makeSigner(scheme: "ed25519" | "ecdsa-p256-sha256"): Signer {
  const { publicKey, privateKey } =
    scheme === "ed25519"
      ? generateKeyPairSync("ed25519")
      : generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const hash = scheme === "ed25519" ? null : "sha256";
  return { publicKey: { scheme, spki }, sign: async (data) => new Uint8Array(sign(hash, data, privateKey)) };
}
