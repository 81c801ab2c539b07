import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";

import { parsePublicKeyPem } from "./pem.ts";

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = publicKey.export({ format: "pem", type: "spki" }).toString();

test("reads a public key, lines ended either way", () => {
  const expected = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  for (const text of [pem, pem.replaceAll("\n", "\r\n"), `\n${pem}\n`]) {
    assert.deepEqual(parsePublicKeyPem(text), { scheme: "ecdsa-p256-sha256", spki: expected });
  }
});

test("refuses what is not one public key in PEM", () => {
  const wrong = [
    "",
    "PEM",
    pem + pem,
    `${pem}x`,
    `x${pem}`,
    pem.replace("END PUBLIC", "END PRIVATE"),
    pem.replace(/\n(.)/, "\n!"),
    privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    pem.slice(0, -30),
  ];
  for (const text of wrong) {
    assert.throws(() => parsePublicKeyPem(text), { code: "sigstore/key-malformed" }, text.slice(0, 40));
  }
});
