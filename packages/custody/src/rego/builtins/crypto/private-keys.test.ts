import { nodeRegoCrypto } from "@custody/node/rego-host";
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import { caller, checker } from "../calls.testing.ts";
import { objectIdentifier, octetString, sequence, unsigned } from "./der-writer.ts";
import { privateKeyBuiltins } from "./private-keys.ts";

const host = { crypto: nodeRegoCrypto };
const call = caller(privateKeyBuiltins, host);
const check = checker(privateKeyBuiltins, host);

const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
const edwards = generateKeyPairSync("ed25519").privateKey;
const curves = ["P-224", "P-256", "P-384", "P-521"].map((namedCurve) => ({
  namedCurve,
  key: generateKeyPairSync("ec", { namedCurve }).privateKey,
}));

function pemOf(key: KeyObject, type: "pkcs1" | "pkcs8" | "sec1" = "pkcs8"): string {
  return key.export({ format: "pem", type }) as string;
}

function ask(name: string, text: string): unknown {
  const answer = call(`${name}(${JSON.stringify(text)})`);
  return answer.startsWith("eval_") ? answer : JSON.parse(answer);
}

function jwkOf(text: string): unknown {
  return ask("crypto.x509.parse_rsa_private_key", text);
}

function keysOf(text: string): unknown {
  return ask("crypto.parse_private_keys", text);
}

function block(type: string, bytes: Uint8Array): string {
  return `-----BEGIN ${type}-----\n${Buffer.from(bytes).toString("base64")}\n-----END ${type}-----\n`;
}

test("an RSA key becomes a JWK, from each of its forms", () => {
  const jwk = rsa.export({ format: "jwk" });
  for (const text of [pemOf(rsa, "pkcs1"), pemOf(rsa), btoa(pemOf(rsa)), `${pemOf(rsa)}${pemOf(edwards)}`])
    assert.deepEqual(jwkOf(text), jwk);
});

test("keys of curves become JWKs", () => {
  for (const { key } of curves.slice(1)) {
    assert.deepEqual(jwkOf(pemOf(key)), key.export({ format: "jwk" }));
    assert.deepEqual(jwkOf(pemOf(key, "sec1")), key.export({ format: "jwk" }));
  }
  assert.deepEqual(jwkOf(pemOf(edwards)), edwards.export({ format: "jwk" }));
  const agreement = generateKeyPairSync("x25519").privateKey;
  assert.deepEqual(jwkOf(pemOf(agreement)), agreement.export({ format: "jwk" }));
  assert.deepEqual(keysOf(pemOf(agreement)), [{}]);
});

test("keys show as Go's types do", () => {
  const [, p256] = curves;
  assert.ok(p256);
  const text = `a note\n${pemOf(rsa)}${pemOf(p256.key, "sec1")}${pemOf(edwards)}${block("PUBLIC KEY", utf8("x"))}`;
  const shown = call(`crypto.parse_private_keys(${JSON.stringify(text)})`);
  const integer = (name: string | undefined): string =>
    BigInt(`0x${Buffer.from(String(name), "base64url").toString("hex")}`).toString();
  const [r, e, d] = [rsa, p256.key, edwards].map((key) => key.export({ format: "jwk" }));
  assert.equal(
    shown,
    `[{"D":${integer(r?.d)},"E":65537,"N":${integer(r?.n)},` +
      `"Precomputed":{"CRTValues":[],"Dp":${integer(r?.dp)},"Dq":${integer(r?.dq)},"Qinv":${integer(r?.qi)}},` +
      `"Primes":[${integer(r?.p)},${integer(r?.q)}]},` +
      `{"Curve":{},"D":${integer(e?.d)},"X":${integer(e?.x)},"Y":${integer(e?.y)}},` +
      `"${Buffer.concat([d?.d, d?.x].map((part) => Buffer.from(String(part), "base64url"))).toString("base64")}"]`,
  );
});

test("a text without keys has none", () => {
  check('crypto.parse_private_keys("")', "null");
  check('crypto.parse_private_keys("foo")', "[]");
  check('crypto.parse_private_keys("-----BEGIN")', "[]");
  check('crypto.x509.parse_rsa_private_key("Zm9v")', "null");
  check('crypto.x509.parse_rsa_private_key("")', "eval_builtin_error: input PEM data was empty");
  check(
    'crypto.x509.parse_rsa_private_key("foo")',
    "eval_builtin_error: illegal base64 data at input byte 0",
  );
  check("crypto.x509.parse_rsa_private_key(1)", "eval_type_error: operand 1 must be string but got number");
  check("crypto.parse_private_keys(null)", "eval_type_error: operand 1 must be string but got null");
});

test("a key under another form's name is told apart", () => {
  const der = (key: KeyObject, type: "pkcs1" | "pkcs8" | "sec1"): Uint8Array =>
    key.export({ format: "der", type: type as "pkcs8" });
  const [, p256] = curves;
  assert.ok(p256);
  for (const [type, bytes, form] of [
    ["EC PRIVATE KEY", der(rsa, "pkcs1"), "PKCS1"],
    ["PRIVATE KEY", der(rsa, "pkcs1"), "PKCS1"],
    ["RSA PRIVATE KEY", der(rsa, "pkcs8"), "PKCS8"],
    ["PRIVATE KEY", der(p256.key, "sec1"), "EC"],
    ["EC PRIVATE KEY", der(p256.key, "pkcs8"), "PKCS8"],
    ["RSA PRIVATE KEY", der(p256.key, "sec1"), "EC"],
  ] as const) {
    assert.equal(
      keysOf(block(type, bytes)),
      `eval_builtin_error: x509: failed to parse private key (use Parse${form}PrivateKey instead for this key format)`,
    );
  }
});

const small = (number: number): Uint8Array => unsigned(Uint8Array.of(number));
const wrapped = (oid: string, key: Uint8Array, ...parameters: Uint8Array[]): string =>
  block("PRIVATE KEY", sequence(small(0), sequence(objectIdentifier(oid), ...parameters), octetString(key)));
const rsaBlock = (...numbers: readonly number[]): string =>
  block("RSA PRIVATE KEY", sequence(...numbers.map(small)));
const elliptic = (version: number, scalar: Uint8Array): Uint8Array =>
  sequence(small(version), octetString(scalar));

test("what is no key says why", () => {
  const p256 = objectIdentifier("1.2.840.10045.3.1.7");
  const ec = "1.2.840.10045.2.1";
  const ecEmbedded = "x509: failed to parse EC private key embedded in PKCS#8: ";
  for (const [text, reason] of [
    [block("PRIVATE KEY", utf8("foo")), "asn1: structure error"],
    [block("EC PRIVATE KEY", utf8("foo")), "x509: failed to parse EC private key: asn1: structure error"],
    [rsaBlock(2, 33, 3, 7, 3, 11, 1, 7, 2), "x509: unsupported private key version"],
    [rsaBlock(0, 33, 3, 7, 3, 0, 1, 7, 2), "x509: private key contains zero or negative value"],
    [rsaBlock(0, 34, 3, 7, 3, 11, 1, 7, 2), "crypto/rsa: public modulus is even"],
    [rsaBlock(0, 35, 3, 7, 3, 11, 1, 7, 2), "crypto/rsa: p * q != n"],
    [rsaBlock(0, 33, 4, 7, 3, 11, 1, 7, 2), "crypto/rsa: public exponent is even"],
    [rsaBlock(0, 33, 3, 7, 3, 11, 1, 6, 2), "crypto/rsa: invalid CRT exponent"],
    [rsaBlock(0, 33, 3, 7, 3, 11, 1, 7, 1), "crypto/rsa: invalid CRT coefficient"],
    [rsaBlock(0, 33, 3, 8, 3, 11, 1, 7, 2), "crypto/rsa: d does not match dP"],
    [
      wrapped("1.2.3", utf8("x")),
      "x509: PKCS#8 wrapping contained private key with unknown algorithm: 1.2.3",
    ],
    [wrapped("1.3.101.112", octetString(utf8("short"))), "x509: invalid Ed25519 private key length: 5"],
    [wrapped("1.3.101.112", utf8("x")), "x509: invalid Ed25519 private key: asn1: structure error"],
    [wrapped("1.3.101.112", octetString(utf8("x")), p256), "x509: invalid Ed25519 private key parameters"],
    [wrapped("1.3.101.110", octetString(utf8("x"))), "crypto/ecdh: invalid private key size"],
    [wrapped(ec, elliptic(1, utf8("x"))), `${ecEmbedded}x509: unknown elliptic curve`],
    [wrapped(ec, elliptic(2, utf8("x")), p256), `${ecEmbedded}x509: unknown EC private key version 2`],
    [
      wrapped(ec, elliptic(1, new Uint8Array(33).fill(1)), p256),
      `${ecEmbedded}x509: invalid private key length`,
    ],
    [wrapped(ec, elliptic(1, new Uint8Array(32)), p256), `${ecEmbedded}crypto/ecdsa: invalid private key`],
  ] as const) {
    const answer = keysOf(text);
    assert.ok(String(answer).startsWith(`eval_builtin_error: ${reason}`), `${String(answer)}, not ${reason}`);
  }
});

test("a curve that JOSE does not know has no JWK", () => {
  const [p224] = curves;
  assert.ok(p224);
  assert.match(
    String(jwkOf(pemOf(p224.key))),
    /failed to get algorithm for converting ECDSA private key to JWK/,
  );
});

test("a host without cryptography denies keys of curves", () => {
  const [, p256] = curves;
  assert.ok(p256);
  const denied = caller(privateKeyBuiltins);
  assert.match(
    denied(`crypto.parse_private_keys(${JSON.stringify(pemOf(p256.key))})`),
    /no cryptography for private keys/,
  );
  assert.match(denied(`crypto.parse_private_keys(${JSON.stringify(pemOf(rsa))})`), /"Primes"/);
});
