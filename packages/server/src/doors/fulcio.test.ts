import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { X509Certificate } from "node:crypto";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { openIdentityTokens } from "@custody/node/oidc";
import { certifyKeylessIntermediate, createKeylessRoot } from "custody/authority";
import { makeMemoryLog, makeTrust } from "custody/authority/attestor.testing";
import { CertificateLog, issueOwnToken, ownIssuer, sigstoreAudience } from "custody/fulcio";
import { instantOf } from "custody/ground";
import { fastify } from "fastify";
import type { FastifyInstance } from "fastify";

import { openFulcioDoor } from "./fulcio.ts";
import { openDiscoveryDoor } from "./identity.ts";

const issuerUrl = "https://example.org";
const folder = await mkdtemp(join(tmpdir(), "custody-fulcio-"));
let app: FastifyInstance;
let tokenFor: (identity: string) => Promise<string>;

before(async () => {
  const clock = { now: () => instantOf(Date.now()) };
  const { ports, authorities } = await makeTrust(undefined, { ...clock, set: () => undefined });
  const { trustDomain } = authorities;
  const [rootSigner, signer, logSigner] = await Promise.all([
    generateSigner("ecdsa-p256-sha256"),
    generateSigner("ecdsa-p256-sha256"),
    generateSigner("ecdsa-p256-sha256"),
  ]);
  const tokenSigner = await generateSigner("rsa-pkcs1-sha256");
  const root = await createKeylessRoot(ports, trustDomain, rootSigner);
  const certificate = await certifyKeylessIntermediate(
    ports,
    { certificate: root, signer: rootSigner },
    { trustDomain, publicKey: signer.publicKey },
  );
  const own = ownIssuer(nodeCrypto, issuerUrl, tokenSigner.publicKey);
  const identity = { ports: { crypto: nodeCrypto, clock, signer: tokenSigner }, issuerUrl, keys: own.keys };
  const log = makeMemoryLog("ct.example.org", logSigner);
  app = fastify();
  openDiscoveryDoor(app, identity);
  openFulcioDoor(app, {
    ports: {
      ...ports,
      certificateLog: new CertificateLog({ crypto: nodeCrypto, clock, log, signer: logSigner }),
      tokens: openIdentityTokens([own]),
    },
    authority: { issuer: { certificate, signer }, chain: [certificate, root], reserved: trustDomain },
    issuers: [own],
  });
  tokenFor = (who) => issueOwnToken(identity.ports, issuerUrl, { identity: who, audience: sigstoreAudience });
});
after(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

interface Signed {
  readonly signedCertificateEmbeddedSct: { readonly chain: { readonly certificates: readonly string[] } };
}

async function ask(payload: object, authorization?: string): Promise<{ status: number; body: Signed }> {
  const headers = authorization === undefined ? {} : { authorization };
  const reply = await app.inject({ method: "POST", url: "/api/v2/signingCert", payload, headers });
  return { status: reply.statusCode, body: reply.json() };
}

/** A key and a request of PKCS #10 that OpenSSL made; the subject is anybody's. */
async function makeRequest(): Promise<{ readonly pem: Buffer; readonly key: string }> {
  const key = join(folder, "key.pem");
  const request = join(folder, "request.pem");
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  execFileSync(
    "openssl",
    ["req", "-new", ...curve, "-keyout", key, "-out", request, "-subj", "/CN=anybody"],
    {
      stdio: "ignore",
    },
  );
  return { pem: await readFile(request), key };
}

const hasOpenssl = (() => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
const skip = hasOpenssl ? false : "openssl is not there to make the request";

test("answers a request of PKCS #10 with a chain that another reader verifies", { skip }, async () => {
  const { pem, key } = await makeRequest();
  const credentials = { oidcIdentityToken: await tokenFor("alice@example.org") };
  const certificateSigningRequest = pem.toString("base64");
  const { status, body } = await ask({ credentials, certificateSigningRequest });
  assert.equal(status, 200);
  const [leaf, intermediate, root] = body.signedCertificateEmbeddedSct.chain.certificates.map(
    (text) => new X509Certificate(text),
  );
  assert.ok(leaf && intermediate && root);
  assert.ok(leaf.verify(intermediate.publicKey) && intermediate.verify(root.publicKey));
  assert.equal(leaf.subjectAltName, "email:alice@example.org");
  assert.equal(leaf.subject, undefined, "the request's own name does not count");
  assert.ok(execFileSync("openssl", ["pkey", "-in", key, "-pubout"]).equals(Buffer.from(pemOf(leaf))));
});

function pemOf({ publicKey }: X509Certificate): string {
  return publicKey.export({ format: "pem", type: "spki" }) as string;
}

test("a request whose signature was made with another key gets none", { skip }, async () => {
  const { pem } = await makeRequest();
  const der = Buffer.from(pem.toString().replaceAll(/-----[^-]*-----|\s/g, ""), "base64");
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  const text = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
  const credentials = { oidcIdentityToken: await tokenFor("alice@example.org") };
  const { status } = await ask({
    credentials,
    certificateSigningRequest: Buffer.from(text).toString("base64"),
  });
  assert.ok(status >= 400);
});

test(
  "takes the token from the Authorization header, as Go's clients send it, and never two",
  { skip },
  async () => {
    const { pem } = await makeRequest();
    const certificateSigningRequest = pem.toString("base64");
    const [alice, bob] = [await tokenFor("alice@example.org"), await tokenFor("bob@example.org")];
    assert.equal((await ask({ certificateSigningRequest }, `Bearer ${alice}`)).status, 200);
    const credentials = { oidcIdentityToken: bob };
    assert.ok((await ask({ credentials, certificateSigningRequest }, `Bearer ${alice}`)).status >= 400);
    assert.equal((await ask({ credentials, certificateSigningRequest }, `Bearer ${bob}`)).status, 200);
    assert.ok((await ask({ certificateSigningRequest })).status >= 400);
  },
);

test("takes JSON only, and says so", async () => {
  const headers = { "content-type": "text/plain" };
  const reply = await app.inject({ method: "POST", url: "/api/v2/signingCert", payload: "x", headers });
  assert.match(reply.body, /text\/plain is not taken here/);
  assert.notEqual((await ask({})).status, 415, "the control");
});

test("says what its certificates lead to, and whose tokens it takes", async () => {
  const bundle = (await app.inject("/api/v2/trustBundle")).json<{ chains: { certificates: string[] }[] }>();
  assert.equal(bundle.chains[0]?.certificates.length, 2);
  const { issuers } = (await app.inject("/api/v2/configuration")).json<{
    issuers: { issuerUrl: string }[];
  }>();
  assert.deepEqual(
    issuers.map((issuer) => issuer.issuerUrl),
    [issuerUrl],
  );
  const document = (await app.inject("/.well-known/openid-configuration")).json<Record<string, unknown>>();
  assert.equal(document["issuer"], issuerUrl);
  const keys = (await app.inject("/.well-known/jwks.json")).json<{ keys: { kty: string; d?: string }[] }>();
  assert.deepEqual(
    keys.keys.map(({ kty, d }) => [kty, d]),
    [["RSA", undefined]],
  );
});
