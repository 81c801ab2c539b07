import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { test } from "node:test";

import { concatBytes, toHex, utf8 } from "custody/ground";
import type { PublicKey, SignatureScheme } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import { algorithms } from "./algorithms.ts";
import { generateSigner, nodeCrypto } from "./index.ts";

const data = utf8("the signed data");
const schemes = Object.keys(algorithms) as SignatureScheme[];

function makeKeyPair(scheme: SignatureScheme): KeyPairKeyObjectResult {
  const { keyType, curve } = algorithms[scheme];
  if (keyType === "ed25519") return generateKeyPairSync("ed25519");
  if (keyType === "ec") return generateKeyPairSync("ec", { namedCurve: curve! });
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function makeSigned(scheme: SignatureScheme) {
  const { publicKey, privateKey } = makeKeyPair(scheme);
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const key: PublicKey = { scheme, spki };
  return { key, signature: new Uint8Array(sign(algorithms[scheme].hash, data, privateKey)) };
}

async function check(key: PublicKey, signature: Uint8Array, signed: Uint8Array, expected: boolean) {
  assert.equal(nodeCrypto.verify(key, signature, signed), expected, "node");
  assert.equal(await webCrypto.verify(key, signature, signed), expected, "web");
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at]! ^= 1;
  return copy;
}

for (const scheme of schemes) {
  test(`node:crypto and WebCrypto accept the same ${scheme} signature`, async () => {
    const { key, signature } = makeSigned(scheme);
    await check(key, signature, data, true);
    await check(key, signature, data, true);
  });

  test(`node:crypto and WebCrypto refuse every corrupted byte of a ${scheme} signature`, async () => {
    const { key, signature } = makeSigned(scheme);
    for (let at = 0; at < signature.length; at++) await check(key, flip(signature, at), data, false);
    await check(key, signature.subarray(1), data, false);
    await check(key, concatBytes(signature, utf8("\0")), data, false);
    await check(key, new Uint8Array(), data, false);
    await check(key, signature, utf8("other data"), false);
  });

  test(`refuses a key of another scheme under the name ${scheme}`, async () => {
    for (const other of schemes) {
      const { key, signature } = makeSigned(other);
      const isSameKind = algorithms[other].curve === algorithms[scheme].curve;
      if (isSameKind && algorithms[other].keyType === algorithms[scheme].keyType) continue;
      await check({ scheme, spki: key.spki }, signature, data, false);
    }
  });
}

test("refuses a key that is truncated, or followed by anything", () => {
  const { key, signature } = makeSigned("ecdsa-p256-sha256");
  const spkis = [key.spki.slice(0, -1), concatBytes(key.spki, utf8("x")), new Uint8Array()];
  for (const spki of spkis) assert.equal(nodeCrypto.verify({ ...key, spki }, signature, data), false);
});

test("keeps verifying rightly when more keys come than it remembers", () => {
  const { key, signature } = makeSigned("ed25519");
  for (let i = 0; i < 300; i++) {
    const other = makeSigned("ed25519");
    assert.equal(nodeCrypto.verify(other.key, other.signature, data), true);
  }
  assert.equal(nodeCrypto.verify(key, signature, data), true);
});

test("hashes as FIPS 180-4 says, and as WebCrypto's side does", () => {
  const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.equal(toHex(nodeCrypto.sha256(utf8("abc"))), expected);
  assert.equal(toHex(webCrypto.sha256(utf8("abc"))), expected);
});

for (const scheme of ["ed25519", "ecdsa-p256-sha256"] as const) {
  test(`signs with a generated ${scheme} key, each time another`, async () => {
    const [one, two] = [await generateSigner(scheme), await generateSigner(scheme)];
    const signature = await one.sign(data);
    await check(one.publicKey, signature, data, true);
    await check(two.publicKey, signature, data, false);
  });
}
