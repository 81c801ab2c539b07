import assert from "node:assert/strict";
import { test } from "node:test";

import { sha512 } from "@noble/hashes/sha2.js";

import { concatBytes, parseHex, utf8 } from "./index.ts";
import type { PublicKey } from "./index.ts";
import { verifyDigest } from "./verify-digest.ts";

const key: PublicKey = {
  scheme: "ed25519",
  spki: concatBytes(
    parseHex("302a300506032b6570032100"),
    parseHex("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf"),
  ),
};
const signature = parseHex(
  "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406",
);

test("verifies the Ed25519ph vector of RFC 8032 §7.3, and nothing near it", () => {
  const digest = sha512(utf8("abc"));
  assert.equal(verifyDigest(key, signature, digest), true);
  assert.equal(verifyDigest(key, signature, sha512(utf8("abd"))), false);
  assert.equal(verifyDigest(key, signature, utf8("abc")), false);
  assert.equal(verifyDigest(key, signature.slice(1), digest), false);
  assert.equal(verifyDigest({ ...key, spki: key.spki.slice(0, 20) }, signature, digest), false);
});

test("a digest of another length than the hash's is none", () => {
  for (const scheme of ["ecdsa-p256-sha256", "rsa-pkcs1-sha512", "rsa-pss-sha384", "ed25519"] as const) {
    assert.equal(verifyDigest({ ...key, scheme }, signature, new Uint8Array(31)), false);
  }
});
