import { createHash, generateKeyPairSync, sign } from "node:crypto";

import type { Crypto, Signer } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import { memorySequenceStore, memoryTileStore } from "./index.ts";
import type { LogPorts } from "./index.ts";

export const crypto: Crypto = {
  ...webCrypto,
  sha256: (data) => new Uint8Array(createHash("sha256").update(data).digest()),
};

export function makeSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  return {
    publicKey: { scheme: "ed25519", spki },
    sign: async (data) => new Uint8Array(sign(null, data, privateKey)),
  };
}

export function memoryPorts(): LogPorts {
  const origin = "log.example/test";
  return { store: memorySequenceStore(), tiles: memoryTileStore(), signer: makeSigner(), origin, crypto };
}
