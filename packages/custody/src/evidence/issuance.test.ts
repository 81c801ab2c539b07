import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { makeTrust } from "custody/authority/attestor.testing";
import type { Crypto } from "custody/ground";

import { parseCertificate } from "./index.ts";
import { Issuance } from "./issuance.ts";

const { root, authorities } = await makeTrust();
const child = authorities.intermediate.certificate;
const issuer = root.certificate;

function counting(): Crypto & { count: number } {
  return {
    ...nodeCrypto,
    count: 0,
    verify(...args) {
      this.count++;
      return nodeCrypto.verify(...args);
    },
  };
}

test("an issuer's own signature counts, and only in that direction", async () => {
  const issuance = new Issuance();
  assert.equal(await issuance.isIssuedBy(nodeCrypto, child, issuer), true);
  assert.equal(await issuance.isIssuedBy(nodeCrypto, issuer, child), false);
});

test("the same two certificates are verified once, and a yes stays with exactly those two", async () => {
  const issuance = new Issuance();
  const crypto = counting();
  for (let i = 0; i < 3; i++) assert.equal(await issuance.isIssuedBy(crypto, child, issuer), true);
  assert.equal(crypto.count, 1);
  const forged = { ...child, signature: child.signature.map((byte, i) => (i === 20 ? byte ^ 1 : byte)) };
  assert.equal(await issuance.isIssuedBy(crypto, forged, issuer), false);
  assert.equal(await issuance.isIssuedBy(crypto, child, { ...issuer, publicKey: child.publicKey }), false);
});

test("a certificate read again is verified again", async () => {
  const issuance = new Issuance();
  const crypto = counting();
  await issuance.isIssuedBy(crypto, child, issuer);
  await issuance.isIssuedBy(crypto, parseCertificate(child.der), issuer);
  assert.equal(crypto.count, 2);
});
