import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { test } from "node:test";

import { nodeRegoCrypto } from "@custody/node/rego-host";

import { caller } from "../calls.testing.ts";
import { tokenBuiltins } from "./index.ts";

const call = caller(tokenBuiltins, { crypto: nodeRegoCrypto, now: () => 2_000_000_000_000_000_000n });

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pairs: Readonly<Record<string, Pair>> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  ES512: generateKeyPairSync("ec", { namedCurve: "P-521" }),
  EdDSA: generateKeyPairSync("ed25519"),
};

for (const [algorithm, { publicKey, privateKey }] of Object.entries(pairs)) {
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: "mine" };
  const header = { alg: algorithm, typ: "JWT", kid: "mine" };

  test(`a token signed with ${algorithm} verifies with the key in any form, and with no other`, () => {
    const token = signed(header, { sub: "x" }, privateKey);
    const verify = `io.jwt.verify_${algorithm.toLowerCase()}`;
    for (const key of [pem, JSON.stringify(jwk), JSON.stringify({ keys: [jwk] })])
      assert.equal(call(`${verify}(${token}, ${JSON.stringify(key)})`), "true");
    const [h, p, s] = JSON.parse(token).split(".");
    const forged = JSON.stringify([h, `${p.slice(0, -1)}A`, s].join("."));
    assert.equal(call(`${verify}(${forged}, ${JSON.stringify(pem)})`), "false");
    const other = JSON.stringify(JSON.stringify({ kty: "oct", k: "AAAA" }));
    assert.equal(call(`${verify}(${token}, ${other})`), "false");
  });

  test(`io.jwt.decode_verify opens a token signed with ${algorithm}`, () => {
    const token = signed(header, { sub: "x" }, privateKey);
    assert.equal(
      call(`io.jwt.decode_verify(${token}, {"cert": ${JSON.stringify(pem)}})`),
      `[true,{"alg":"${algorithm}","kid":"mine","typ":"JWT"},{"sub":"x"}]`,
    );
  });
}

test("a token inside a token is opened when both signatures hold", () => {
  const inner = signed({ alg: "ES256" }, { sub: "x" }, pairs["ES256"]!.privateKey);
  const jwk = JSON.stringify(pairs["ES256"]!.privateKey.export({ format: "jwk" }));
  const header = JSON.stringify(JSON.stringify({ alg: "ES256", cty: "jwt", typ: "nested" }));
  const outer = call(`io.jwt.encode_sign_raw(${header}, ${inner}, ${JSON.stringify(jwk)})`);
  const key = JSON.stringify(JSON.stringify(pairs["ES256"]!.publicKey.export({ format: "jwk" })));
  assert.equal(
    call(`io.jwt.decode_verify(${outer}, {"cert": ${key}})`),
    '[true,{"alg":"ES256"},{"sub":"x"}]',
  );
});

test("a key that does not fit the algorithm signs nothing", () => {
  const jwk = JSON.stringify(pairs["EdDSA"]!.privateKey.export({ format: "jwk" }));
  assert.equal(
    call(`io.jwt.encode_sign({"alg": "RS256"}, {}, ${jwk})`),
    "eval_builtin_error: failed to sign payload: the key does not fit RS256",
  );
});

test("without cryptography there are only shared secrets", () => {
  const denied = caller(tokenBuiltins);
  const token = signed({ alg: "ES256" }, {}, pairs["ES256"]!.privateKey);
  const key = JSON.stringify(JSON.stringify(pairs["ES256"]!.publicKey.export({ format: "jwk" })));
  assert.equal(
    denied(`io.jwt.verify_es256(${token}, ${key})`),
    "eval_builtin_error: no cryptography for public keys",
  );
});

/** The token as JSON. */
function signed(header: object, claims: object, key: KeyObject): string {
  const jwk = JSON.stringify(key.export({ format: "jwk" }));
  return call(`io.jwt.encode_sign(${JSON.stringify(header)}, ${JSON.stringify(claims)}, ${jwk})`);
}
