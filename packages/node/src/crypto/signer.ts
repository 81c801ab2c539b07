import { createPublicKey, generateKeyPair, sign } from "node:crypto";
import type { KeyObject, KeyPairKeyObjectResult } from "node:crypto";
import { promisify } from "node:util";

import type { Signer } from "custody/ground";

import { algorithmOf } from "./algorithms.ts";

/** The schemes Custody signs with; it verifies more. */
export const signerSchemes = ["ed25519", "ml-dsa-44", "ecdsa-p256-sha256", "rsa-pkcs1-sha256"] as const;
export type SignerScheme = (typeof signerSchemes)[number];

const generate = promisify(generateKeyPair);
const rsaBits = 3072;

/** A signer whose fresh private key lives in this process only, and is gone with it. */
export async function generateSigner(scheme: SignerScheme): Promise<Signer> {
  return signerOf(await generatePrivateKey(scheme), scheme);
}

/** A fresh private key of a scheme. */
export async function generatePrivateKey(scheme: SignerScheme): Promise<KeyObject> {
  return (await generatePair(scheme)).privateKey;
}

function generatePair(scheme: SignerScheme): Promise<KeyPairKeyObjectResult> {
  switch (scheme) {
    case "ed25519":
      return generate("ed25519");
    case "ml-dsa-44":
      return generate("ml-dsa-44");
    case "ecdsa-p256-sha256":
      return generate("ec", { namedCurve: algorithmOf(scheme).curve ?? "" });
    case "rsa-pkcs1-sha256":
      return generate("rsa", { modulusLength: rsaBits });
    default:
      return scheme satisfies never;
  }
}

/** A signer over a private key of that scheme; ECDSA signatures are DER. */
export function signerOf(privateKey: KeyObject, scheme: SignerScheme): Signer {
  const spki = new Uint8Array(createPublicKey(privateKey).export({ format: "der", type: "spki" }));
  return {
    publicKey: { scheme, spki },
    sign: async (data) => new Uint8Array(sign(algorithmOf(scheme).hash, data, privateKey)),
  };
}
