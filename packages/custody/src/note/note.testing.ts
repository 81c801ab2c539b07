import { generateKeyPairSync, sign } from "node:crypto";

import type { Signer } from "custody/ground";

import { cosignerKeyOf } from "./index.ts";
import type { Cosigner, VerifierKey } from "./index.ts";

type Scheme = "ed25519" | "ml-dsa-44" | "ecdsa-p256-sha256";

/** A signer of a fresh key in this process. */
export function makeSigner(scheme: Scheme): Signer {
  const { publicKey, privateKey } = makePair(scheme);
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const hash = scheme === "ecdsa-p256-sha256" ? "sha256" : null;
  return { publicKey: { scheme, spki }, sign: async (data) => new Uint8Array(sign(hash, data, privateKey)) };
}

function makePair(scheme: Scheme) {
  if (scheme === "ed25519") return generateKeyPairSync("ed25519");
  if (scheme === "ml-dsa-44") return generateKeyPairSync("ml-dsa-44");
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" });
}

/** A witness with a fresh key. */
export function makeWitness(
  hasher: Parameters<typeof cosignerKeyOf>[0],
  name: string,
  scheme: "ed25519" | "ml-dsa-44" = "ed25519",
): { readonly cosigner: Cosigner; readonly key: VerifierKey } {
  const cosigner = { name, signer: makeSigner(scheme) };
  return { cosigner, key: cosignerKeyOf(hasher, cosigner) };
}
