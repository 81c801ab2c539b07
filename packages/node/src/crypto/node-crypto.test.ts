import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { KeyPairKeyObjectResult } from "node:crypto";
import { test } from "node:test";

import { concatBytes, toHex, utf8 } from "custody/ground";
import type { PublicKey, SignatureScheme } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import { algorithmOf, algorithms } from "./algorithms.ts";
import { generateSigner, nodeCrypto } from "./index.ts";

/** Each byte in turn takes minutes with curves in JavaScript; a prime step reaches every part. */
const stride = 5;
const flipLimit = 151;
const data = utf8("the signed data");
/** One scheme of each kind of key. */
const others = [
  "ed25519",
  "ml-dsa-44",
  "ecdsa-p256-sha256",
  "ecdsa-p384-sha384",
  "rsa-pkcs1-sha256",
] as const;
const schemes: readonly SignatureScheme[] = [...algorithms.keys()];

function makeKeyPair(scheme: SignatureScheme): KeyPairKeyObjectResult {
  const { keyType, curve } = algorithmOf(scheme);
  if (keyType === "ed25519") return generateKeyPairSync("ed25519");
  if (keyType === "ml-dsa-44") return generateKeyPairSync("ml-dsa-44");
  if (keyType === "ec") return generateKeyPairSync("ec", { namedCurve: curve! });
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function makeSigned(scheme: SignatureScheme) {
  const { publicKey, privateKey } = makeKeyPair(scheme);
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const key: PublicKey = { scheme, spki };
  const { hash, padding } = algorithmOf(scheme);
  return { key, signature: new Uint8Array(sign(hash, data, { key: privateKey, ...saltOf(padding) })) };
}

// "auto" is for verifying; a signer has to choose.
function saltOf(padding: object | undefined) {
  return padding && "saltLength" in padding ? { ...padding, saltLength: 20 } : padding;
}

/** The digest that the scheme signs, or of anything for Ed25519 and ML-DSA. */
function digestFor(scheme: SignatureScheme, signed: Uint8Array): Uint8Array {
  return new Uint8Array(
    createHash(algorithmOf(scheme).hash ?? "sha512")
      .update(signed)
      .digest(),
  );
}

async function check(key: PublicKey, signature: Uint8Array, signed: Uint8Array, expected: boolean) {
  assert.equal(nodeCrypto.verify(key, signature, signed), expected, "node");
  assert.equal(await webCrypto.verify(key, signature, signed), expected, "web");
  const byDigest = expected && key.scheme !== "ed25519" && key.scheme !== "ml-dsa-44";
  const digest = digestFor(key.scheme, signed);
  assert.equal(await nodeCrypto.verifyDigest(key, signature, digest), byDigest, "node, by digest");
  assert.equal(await webCrypto.verifyDigest(key, signature, digest), byDigest, "web, by digest");
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at]! ^= 1;
  return copy;
}

const strangers = others.map((scheme) => [scheme, makeSigned(scheme)] as const);

for (const scheme of schemes) {
  test(`node:crypto and WebCrypto accept the same ${scheme} signature`, async () => {
    const { key, signature } = makeSigned(scheme);
    await check(key, signature, data, true);
    await check(key, signature, data, true);
  });

  test(`node:crypto and WebCrypto refuse a corrupted byte anywhere in a ${scheme} signature`, async () => {
    const { key, signature } = makeSigned(scheme);
    const step = Math.max(stride, Math.ceil(signature.length / flipLimit));
    for (let at = 0; at < signature.length; at += step) await check(key, flip(signature, at), data, false);
    await check(key, signature.subarray(1), data, false);
    await check(key, concatBytes(signature, utf8("\0")), data, false);
    await check(key, new Uint8Array(), data, false);
    await check(key, signature, utf8("other data"), false);
  });

  test(`refuses a key of another scheme under the name ${scheme}`, async () => {
    for (const [other, { key, signature }] of strangers) {
      const isSameKind = algorithmOf(other).curve === algorithmOf(scheme).curve;
      if (isSameKind && algorithmOf(other).keyType === algorithmOf(scheme).keyType) continue;
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

for (const scheme of ["ed25519", "ml-dsa-44", "ecdsa-p256-sha256"] as const) {
  test(`signs with a generated ${scheme} key, each time another`, async () => {
    const [one, two] = [await generateSigner(scheme), await generateSigner(scheme)];
    const signature = await one.sign(data);
    await check(one.publicKey, signature, data, true);
    await check(two.publicKey, signature, data, false);
  });
}

test("refuses RSA keys below 2048 bits, whatever they sign", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const signature = new Uint8Array(sign("sha256", data, privateKey));
  await check({ scheme: "rsa-pkcs1-sha256", spki }, signature, data, false);
});

test("verifies PSS signatures with a salt of any length", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const spki = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const { padding } = algorithmOf("rsa-pss-sha256").padding ?? { padding: 0 };
  for (const saltLength of [0, 32, 222]) {
    const signature = new Uint8Array(sign("sha256", data, { key: privateKey, padding, saltLength }));
    await check({ scheme: "rsa-pss-sha256", spki }, signature, data, true);
    await check({ scheme: "rsa-pkcs1-sha256", spki }, signature, data, false);
  }
});
