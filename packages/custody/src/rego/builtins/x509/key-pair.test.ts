import { nodeRegoCrypto } from "@custody/node/rego-host";
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";

import { caller } from "../calls.testing.ts";
import { privateKeyPem, selfSignedCertificate } from "./certificate.testing.ts";
import { x509Builtins } from "./index.ts";

const call = caller(x509Builtins, { crypto: nodeRegoCrypto });
const pairs = [
  generateKeyPairSync("rsa", { modulusLength: 1024 }),
  generateKeyPairSync("ec", { namedCurve: "P-256" }),
  generateKeyPairSync("ed25519"),
].map((pair) => ({ certificate: selfSignedCertificate("a", pair), key: privateKeyPem(pair) }));
const [rsa, ec] = pairs as [(typeof pairs)[0], (typeof pairs)[0]];

function keyPair(...operands: readonly unknown[]): string {
  return call(`crypto.x509.parse_keypair(${operands.map((operand) => JSON.stringify(operand)).join()})`);
}

test("a certificate and its key are a pair, in PEM or in base64", () => {
  for (const { certificate, key } of pairs) {
    const shown = keyPair(certificate, key);
    const pair = JSON.parse(shown) as { Certificate: string[]; Leaf: { Raw: string }; PrivateKey: unknown };
    assert.deepEqual(pair.Certificate, [certificate.replace(/-----.*-----|\n/g, "")]);
    assert.equal(pair.Leaf.Raw, pair.Certificate[0]);
    assert.ok(pair.PrivateKey);
    assert.equal(keyPair(btoa(certificate), btoa(key)), shown);
    assert.equal(keyPair(pair.Certificate[0], key.replace(/-----.*-----|\n/g, "")), shown);
  }
});

test("certificates that follow the first belong to its chain", () => {
  const pair = JSON.parse(keyPair(rsa.certificate + ec.certificate, ec.certificate + rsa.key)) as {
    Certificate: string[];
  };
  assert.equal(pair.Certificate.length, 2);
});

test("what is no pair says why", () => {
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const agreement = generateKeyPairSync("x25519");
  for (const [certificate, key, reason] of [
    [rsa.certificate, ec.key, "tls: private key type does not match public key type"],
    [ec.certificate, privateKeyPem(other), "tls: private key does not match public key"],
    [ec.certificate, privateKeyPem(agreement), "tls: found unknown private key type in PKCS#8 wrapping"],
    [ec.certificate, "Zm9v", "tls: failed to parse private key"],
    ["Zm9v", ec.key, "x509: malformed certificate"],
    ["foo", ec.key, "illegal base64 data at input byte 0"],
    ["-----BEGIN ", ec.key, "tls: failed to find any PEM data in certificate input"],
    [ec.certificate, "-----BEGIN ", "tls: failed to find any PEM data in key input"],
    [
      ec.key,
      ec.key,
      "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
    ],
    [
      ec.key + ec.key,
      ec.key,
      'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [PRIVATE KEY PRIVATE KEY]',
    ],
    [
      ec.certificate,
      ec.certificate,
      "tls: found a certificate rather than a key in the PEM for the private key",
    ],
    [
      ec.certificate,
      ec.certificate + ec.certificate,
      'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [CERTIFICATE CERTIFICATE]',
    ],
  ] as const) {
    assert.equal(keyPair(certificate, key), `eval_builtin_error: ${reason}`);
  }
});

test("operands are texts", () => {
  assert.equal(keyPair(1, 2), "eval_type_error: operand 1 must be string but got number");
  assert.equal(keyPair("a", 2), "eval_type_error: operand 1 must be string but got number");
});
