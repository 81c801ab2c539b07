import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";

import { utf8 } from "./index.ts";
import { webCrypto } from "./web-crypto.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = {
  scheme: "ecdsa-p256-sha256" as const,
  spki: new Uint8Array(publicKey.export({ format: "der", type: "spki" })),
};
const message = utf8("hello");

test("takes ECDSA signatures in DER only, in their one form", async () => {
  const der = new Uint8Array(sign("sha256", message, privateKey));
  assert.equal(await webCrypto.verify(key, der, message), true);
  const raw = new Uint8Array(sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" }));
  assert.equal(await webCrypto.verify(key, raw, message), false);
  const wrong = [
    new Uint8Array(),
    der.slice(0, -1),
    new Uint8Array([...der, 0]),
    new Uint8Array([0x30, 0x81, der[1] ?? 0, ...der.subarray(2)]),
    new Uint8Array([0x31, ...der.subarray(1)]),
  ];
  for (const signature of wrong) assert.equal(await webCrypto.verify(key, signature, message), false);
});

test("a key that is not one is not a good signature", async () => {
  const broken = { ...key, spki: key.spki.slice(0, 20) };
  assert.equal(
    await webCrypto.verify(broken, new Uint8Array(sign("sha256", message, privateKey)), message),
    false,
  );
});
