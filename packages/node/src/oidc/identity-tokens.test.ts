import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";

import type { OidcIssuer } from "custody/fulcio";
import { exportJWK, SignJWT } from "jose";

import { openIdentityTokens } from "./index.ts";

interface Provider {
  readonly url: string;
  readonly server: Server;
  /** What it answers, by path; `requests` counts. */
  answers: Record<string, () => unknown>;
  requests: number;
}

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
let provider: Provider;

before(async () => {
  const server = createServer((request, response) => {
    provider.requests++;
    const answer = provider.answers[request.url ?? ""];
    response.statusCode = answer ? 200 : 404;
    const value = answer?.() ?? {};
    response.end(typeof value === "string" ? value : JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = { url, server, answers: {}, requests: 0 };
  const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "ES256", use: "sig" };
  provider.answers = {
    "/.well-known/openid-configuration": () => ({ issuer: url, jwks_uri: `${url}/keys` }),
    "/keys": () => ({ keys: [jwk] }),
  };
});
after(() => provider.server.close());

interface Wish {
  readonly claims?: Record<string, unknown>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: string | number;
  readonly key?: KeyObject;
  readonly kid?: string;
}

function tokenOf({ claims = {}, issuer, audience = "sigstore", expires = "5m", key, kid = "1" }: Wish = {}) {
  return new SignJWT({ email: "a@example.org", email_verified: true, ...claims })
    .setProtectedHeader({ alg: "ES256", kid })
    .setIssuer(issuer ?? provider.url)
    .setSubject("108")
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(key ?? privateKey);
}

function issuerOf(members: Partial<OidcIssuer> = {}): OidcIssuer {
  const kind = { type: "email", skipEmailVerification: false } as const;
  return { issuerUrl: provider.url, audience: "sigstore", kind, ...members };
}

const verify = async (token: string, members?: Partial<OidcIssuer>) =>
  openIdentityTokens([issuerOf(members)]).verify(token);

test("takes a token of an OpenID provider by the keys that it publishes, and asks for them once", async () => {
  const tokens = openIdentityTokens([issuerOf()]);
  const before = provider.requests;
  const { iss, subject, claims } = await tokens.verify(await tokenOf());
  assert.deepEqual([iss, subject, claims["email"]], [provider.url, "108", "a@example.org"]);
  await tokens.verify(await tokenOf());
  assert.equal(provider.requests - before, 2, "the discovery document and the keys");
});

test("takes a token by keys of the configuration, and asks nobody", async () => {
  const jwk = { ...(await exportJWK(publicKey)), kid: "1" };
  const before = provider.requests;
  const issuerUrl = "https://nowhere.test";
  const token = await tokenOf({ issuer: issuerUrl });
  assert.equal((await verify(token, { issuerUrl, keys: { keys: [jwk] } })).subject, "108");
  assert.equal(provider.requests, before);
});

test("refuses what is not a good token of the issuer for this audience at this time", async () => {
  const good = await tokenOf();
  const [header = "", payload = "", signature = ""] = good.split(".");
  const base64 = (value: unknown): string =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
  const rows: readonly (readonly [string, string])[] = [
    ["forged", await tokenOf({ key: other.privateKey })],
    ["expired", await tokenOf({ expires: Math.floor(Date.now() / 1000) - 60 })],
    ["for another", await tokenOf({ audience: "someone else" })],
    ["of an unknown key", await tokenOf({ kid: "2" })],
    ["changed", [header, base64({ ...claims, email: "b@example.org" }), signature].join(".")],
    ["unsigned", [base64({ alg: "none" }), payload, ""].join(".")],
    ["with a shared secret", [base64({ alg: "HS256", kid: "1" }), payload, signature].join(".")],
    ["not one", "not a token"],
    ["not JSON", [header, base64("{"), signature].join(".")],
    ["a list", [header, base64("[]"), signature].join(".")],
    ["too large", `${good}${"a".repeat(20_000)}`],
  ];
  for (const [what, token] of rows) await assert.rejects(verify(token), { code: "fulcio/token" }, what);
});

/** A token whose claims are this very text. */
function signText(text: string): string {
  const signed = [JSON.stringify({ alg: "ES256", kid: "1" }), text]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

test("a key that stands twice is refused though the signature is good", async () => {
  const text = `{"iss":"${provider.url}","sub":"108","sub":"109","aud":"sigstore","iat":0,"exp":9999999999}`;
  await assert.rejects(verify(signText(text)), { code: "fulcio/token", message: /duplicate/ });
});

test("a token that never ends, or was issued later than now, is refused though the signature is good", async () => {
  const now = Math.floor(Date.now() / 1000);
  const textOf = (iat: number, exp: string): string =>
    `{"iss":"${provider.url}","sub":"108","aud":"sigstore","iat":${iat},"exp":${exp}}`;
  const rows: readonly (readonly [number, string])[] = [
    [now, "1e400"],
    [now, "1e300"],
    [now + 3600, String(now + 7200)],
  ];
  for (const [iat, exp] of rows)
    await assert.rejects(verify(signText(textOf(iat, exp))), { code: "fulcio/token" });
  assert.equal((await verify(signText(textOf(now, String(now + 7200))))).subject, "108", "the control");
});

test("refuses a token of nobody that is configured, without asking them", async () => {
  const before = provider.requests;
  await assert.rejects(verify(await tokenOf({ issuer: "https://elsewhere.test" })), {
    code: "fulcio/issuer-unknown",
  });
  assert.equal(provider.requests, before);
});

test("when the keys cannot be had, nothing is decided", async () => {
  const whole = provider.answers;
  const token = await tokenOf();
  const document = { issuer: provider.url, jwks_uri: `${provider.url}/keys` };
  const rows: readonly Provider["answers"][] = [
    {},
    { "/.well-known/openid-configuration": () => document },
    { ...whole, "/.well-known/openid-configuration": () => ({ ...document, issuer: "https://other.test" }) },
    {
      ...whole,
      "/.well-known/openid-configuration": () => ({ ...document, jwks_uri: "file:///etc/passwd" }),
    },
    {
      ...whole,
      "/.well-known/openid-configuration": () => ({ ...document, jwks_uri: "http://other.test/" }),
    },
    { ...whole, "/.well-known/openid-configuration": () => "{" },
    { ...whole, "/.well-known/openid-configuration": () => " ".repeat(300_000) },
    { ...whole, "/keys": () => "x" },
    { ...whole, "/keys": () => ({ keys: [], more: "x".repeat(300_000) }) },
  ];
  try {
    for (const answers of rows) {
      provider.answers = answers;
      await assert.rejects(verify(token), { code: "fulcio/issuer-unreachable" });
    }
  } finally {
    provider.answers = whole;
  }
  assert.equal((await verify(token)).subject, "108");
});
