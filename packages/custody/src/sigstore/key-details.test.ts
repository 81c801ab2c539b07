import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";

import { findKey, hashOf, isDescribedBy, schemesOf } from "./key-details.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
const spki = new Uint8Array(rsa.export({ format: "der", type: "spki" }));

test("an RSA key in PKCS#1 is the same key as in its SubjectPublicKeyInfo", () => {
  const pkcs1 = new Uint8Array(rsa.export({ format: "der", type: "pkcs1" }));
  assert.deepEqual(findKey("PKCS1_RSA_PKCS1V5", pkcs1), findKey("PKIX_RSA_PKCS1V5", spki));
});

test("keys of kinds that nobody should use are not found", () => {
  for (const details of ["LMS_SHA256", "PKIX_ECDSA_P256_HMAC_SHA_256", "constructor", ""]) {
    assert.equal(findKey(details, spki), undefined, details);
  }
});

test("larger curves sign SHA-256 too, RSA keys in either padding, others in one way", () => {
  assert.deepEqual(schemesOf({ scheme: "ecdsa-p384-sha384", spki }), [
    "ecdsa-p384-sha384",
    "ecdsa-p384-sha256",
  ]);
  assert.deepEqual(schemesOf({ scheme: "rsa-pkcs1-sha256", spki }), ["rsa-pkcs1-sha256", "rsa-pss-sha256"]);
  assert.deepEqual(schemesOf({ scheme: "ed25519", spki }), ["ed25519"]);
  assert.equal(isDescribedBy({ scheme: "ecdsa-p256-sha256", spki }, "PKIX_ECDSA_P384_SHA_384"), false);
  assert.equal(hashOf("ecdsa-p521-sha512"), "sha512");
  assert.equal(hashOf("ed25519"), "sha512");
});
