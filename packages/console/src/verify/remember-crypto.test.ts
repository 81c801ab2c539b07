import assert from "node:assert/strict";
import { test } from "node:test";

import type { Crypto, PublicKey } from "custody/ground";

import { rememberCrypto } from "./remember-crypto.ts";

const key: PublicKey = { scheme: "ed25519", spki: Uint8Array.of(1, 2, 3) };
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Says yes to signatures that begin with 1, and counts how often it was asked. */
function countingCrypto(): Crypto & { asked: number } {
  return {
    asked: 0,
    sha256: () => bytes(7) as ReturnType<Crypto["sha256"]>,
    async verify(_key, [first]) {
      this.asked++;
      return first === 1;
    },
    async verifyDigest(_key, [first]) {
      this.asked++;
      return first === 1;
    },
  };
}

test("asks once for each signature, and answers the same each time", async () => {
  const counting = countingCrypto();
  const crypto = rememberCrypto(counting);
  for (let i = 0; i < 3; i++) {
    assert.equal(await crypto.verify(key, bytes(1), bytes(5)), true);
    assert.equal(await crypto.verify(key, bytes(2), bytes(5)), false);
  }
  assert.equal(counting.asked, 2);
  assert.deepEqual(crypto.sha256(bytes(1)), bytes(7));
});

test("another key, scheme, signature, content or kind is another question", async () => {
  const counting = countingCrypto();
  const crypto = rememberCrypto(counting);
  const questions: readonly (() => boolean | Promise<boolean>)[] = [
    () => crypto.verify(key, bytes(1), bytes(5)),
    () => crypto.verify(key, bytes(1, 5), bytes()),
    () => crypto.verify(key, bytes(), bytes(1, 5)),
    () => crypto.verify(key, bytes(1), bytes(5, 0)),
    () => crypto.verify({ ...key, spki: Uint8Array.of(1, 2) }, bytes(3, 1), bytes(5)),
    () => crypto.verify({ ...key, scheme: "ecdsa-p256-sha256" }, bytes(1), bytes(5)),
    () => crypto.verifyDigest(key, bytes(1), bytes(5)),
  ];
  for (const ask of questions) await ask();
  assert.equal(counting.asked, questions.length);
});

test("no byte is taken for another", async () => {
  const counting = countingCrypto();
  const crypto = rememberCrypto(counting);
  for (let value = 0; value < 256; value++) await crypto.verify(key, bytes(1), bytes(value));
  for (let value = 0; value < 256; value++) await crypto.verify(key, bytes(1), bytes(value, 0xd8));
  assert.equal(counting.asked, 512);
});
