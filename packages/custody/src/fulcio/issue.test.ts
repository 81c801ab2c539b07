import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { sealStatement } from "custody/authority";
import { makeMemoryLog, makeTrust } from "custody/authority/attestor.testing";
import type { TestTrust } from "custody/authority/attestor.testing";
import { Examination, examineBundle, formatTrustedRoot } from "custody/evidence";
import type { TrustedRoot } from "custody/evidence";
import { instantOf, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { parseSigstoreRoot, verifySigstoreBundle } from "custody/sigstore";

import { CertificateLog, certificateLogId } from "./certificate-log.ts";
import { acceptAll, makeRequester, tokenOf } from "./fulcio.testing.ts";
import { issueForToken } from "./issue.ts";
import type { FulcioPorts, KeylessAuthority } from "./issue.ts";
import type { VerifiedToken } from "./identity-token.ts";
import { issueOwnToken } from "./own-token.ts";

interface Scene extends TestTrust {
  readonly authority: KeylessAuthority;
  readonly trustedRoot: TrustedRoot;
  portsFor(token: VerifiedToken): FulcioPorts;
}

const trust = await makeTrust();
const scene = await makeScene(trust);
const alice = tokenOf(
  { type: "email", skipEmailVerification: false },
  { sub: "1", email: "alice@example.org", email_verified: true },
);
const job = tokenOf({ type: "uri", subjectDomain: "https://ci.test" }, { sub: "https://ci.test/job/1" });

/** A certificate log beside the authorities, and a root that trusts it too. */
async function makeScene(base: TestTrust): Promise<Scene> {
  const { ports, authorities, clock, keyless } = base;
  const logSigner = await generateSigner("ecdsa-p256-sha256");
  const { trustDomain, trustedRoot } = authorities;
  const log = makeMemoryLog("example.org/ct", logSigner);
  const certificateLog = new CertificateLog({ crypto: nodeCrypto, clock, log, signer: logSigner });
  const validFor = { start: instantOf(clock.now() - 60_000) };
  return {
    ...base,
    authority: { issuer: keyless, chain: trustedRoot.authorities[1]?.chain ?? [], reserved: trustDomain },
    trustedRoot: {
      ...trustedRoot,
      certificateLogs: [
        {
          origin: "example.org/ct",
          baseUrl: "https://example.org/ct",
          logId: certificateLogId(nodeCrypto, logSigner.publicKey),
          publicKey: logSigner.publicKey,
          validFor,
        },
      ],
    },
    portsFor: (token) => ({ ...ports, certificateLog, tokens: acceptAll(token) }),
  };
}

const content = utf8("what is signed");
const statement = {
  subject: [{ name: "a", digest: { sha256: Buffer.from(nodeCrypto.sha256(content)).toString("hex") } }],
  predicateType: "https://example.org/p",
  predicate: {},
};

/** A bundle that is signed with a fresh key and the certificate that the token gets for it. */
async function sealFor(token: VerifiedToken, challenge: string): Promise<Bytes> {
  const requester = makeRequester();
  const [certificate] = await issueForToken(scene.portsFor(token), scene.authority, {
    body: requester.request(challenge),
  });
  assert.ok(certificate);
  const signer = {
    publicKey: certificate.publicKey,
    sign: (data: Uint8Array) => Promise.resolve(new Uint8Array(sign("sha256", data, requester.privateKey))),
  };
  return sealStatement(scene.ports, scene.authorities, { certificate, signer }, statement);
}

async function verify(bundle: Bytes, identity: string, root: TrustedRoot = scene.trustedRoot) {
  return verifySigstoreBundle(
    { crypto: nodeCrypto },
    {
      bundle,
      artifact: { kind: "bytes", bytes: content },
      root: parseSigstoreRoot(utf8(JSON.stringify(formatTrustedRoot(root)))),
      policy: { signer: { kind: "certificate", identity, issuer: "https://issuer.test" } },
    },
  );
}

test("a certificate for a token signs a bundle that verifies, the certificate log's promise included", async () => {
  const verdict = await verify(await sealFor(alice, "alice@example.org"), "alice@example.org");
  assert.equal(verdict.kind, "allowed", JSON.stringify(verdict));
});

test("the promise counts: under a root that trusts another certificate log, the bundle is refused", async () => {
  const bundle = await sealFor(alice, "alice@example.org");
  const other = await generateSigner("ecdsa-p256-sha256");
  const logs = scene.trustedRoot.certificateLogs.map((log) => ({ ...log, publicKey: other.publicKey }));
  const verdict = await verify(bundle, "alice@example.org", { ...scene.trustedRoot, certificateLogs: logs });
  assert.ok(verdict.kind === "refused");
  assert.equal(verdict.reasons[0]?.code, "sigstore/sct-invalid");
});

test("a certificate for a token speaks for its name in Custody's own evidence", async () => {
  const bytes = await sealFor(job, job.subject);
  const examined = await examineBundle(nodeCrypto, bytes, scene.trustedRoot, new Examination());
  assert.ok(examined.kind === "verified", JSON.stringify(examined));
  assert.equal(examined.bundle.identity, "https://ci.test/job/1");
  assert.equal(examined.bundle.issuer, "https://issuer.test");
});

/** What a careless reader takes for an identity of the domain. */
const passingForGate = [
  "spiffe://Example.org/gate",
  "SPIFFE://example.org/gate",
  "spiffe://example.org:1/gate",
  "spiffe://u@example.org/gate",
  "spiffe://example%2eorg/gate",
  "spiffe://example.org?x",
  "spiffe:///example.org/gate",
  "spiffe:/example.org/gate",
  "spiffe:example.org/gate",
  "spiffe://",
];

test("no token gets a certificate for what Custody itself is", async () => {
  for (const sub of ["spiffe://example.org", "spiffe://example.org/gate", "spiffe://example.org./gate"]) {
    const token = tokenOf({ type: "custody" }, { sub });
    const requested = issueForToken(scene.portsFor(token), scene.authority, {
      body: makeRequester().request(sub),
    });
    await assert.rejects(requested, { code: "fulcio/identity", message: /Custody itself/ });
  }
  for (const sub of passingForGate) {
    const token = tokenOf({ type: "custody" }, { sub });
    const body = makeRequester().request(sub);
    const requested = issueForToken(scene.portsFor(token), scene.authority, { body });
    await assert.rejects(requested, { code: "fulcio/identity" }, sub);
    const ports = {
      crypto: nodeCrypto,
      clock: scene.clock,
      signer: await generateSigner("rsa-pkcs1-sha256"),
    };
    const asked = issueOwnToken(ports, "https://example.org", { identity: sub, audience: "sigstore" });
    await assert.rejects(asked, { code: "fulcio/identity" }, sub);
  }
  const elsewhere = tokenOf({ type: "custody" }, { sub: "spiffe://example.orgy/gate" });
  const body = makeRequester().request("spiffe://example.orgy/gate");
  assert.equal((await issueForToken(scene.portsFor(elsewhere), scene.authority, { body })).length, 3);
});

test("had one got it, the evidence would not believe it: the domain's own authority stands beside", async () => {
  const sub = "spiffe://example.org/gate";
  const authority = { ...scene.authority, reserved: "elsewhere.test" as KeylessAuthority["reserved"] };
  const requester = makeRequester();
  const ports = scene.portsFor(tokenOf({ type: "custody" }, { sub }));
  const [certificate] = await issueForToken(ports, authority, { body: requester.request(sub) });
  assert.ok(certificate);
  const signer = {
    publicKey: certificate.publicKey,
    sign: (data: Uint8Array) => Promise.resolve(new Uint8Array(sign("sha256", data, requester.privateKey))),
  };
  const bytes = await sealStatement(scene.ports, scene.authorities, { certificate, signer }, statement);
  const examine = async (root: TrustedRoot) => examineBundle(nodeCrypto, bytes, root, new Examination());
  const refused = await examine(scene.trustedRoot);
  assert.ok(refused.kind === "refused");
  assert.equal(refused.reason.code, "evidence/certificate-untrusted");
  const alone = { ...scene.trustedRoot, authorities: scene.trustedRoot.authorities.slice(1) };
  assert.equal((await examine(alone)).kind, "verified", "the control: without that authority it is believed");
});

test("a key that the requester does not hold gets no certificate", async () => {
  const ports = scene.portsFor(alice);
  const issue = (body: object) => issueForToken(ports, scene.authority, { body });
  const mine = makeRequester();
  assert.equal((await issue(mine.request("alice@example.org"))).length, 3);
  const other = makeRequester().request("alice@example.org") as { publicKeyRequest: object };
  const stolen = { ...mine.request("alice@example.org") } as { publicKeyRequest: object };
  const bodies = [
    mine.request("bob@example.org"),
    mine.request("1"),
    {
      ...stolen,
      publicKeyRequest: { ...other.publicKeyRequest, publicKey: { content: mine.pem } },
    },
  ];
  for (const body of bodies) await assert.rejects(issue(body), { code: "fulcio/possession" });
});

test("keys of every kind that signs here get certificates, and weak ones none", async () => {
  const request = (type: "rsa" | "ed25519" | "ec", options: object, hash: string | null): object => {
    const make = generateKeyPairSync as (
      type: string,
      options: object,
    ) => ReturnType<typeof generateKeyPairSync>;
    const { privateKey, publicKey } = make(type, options) as unknown as {
      privateKey: Parameters<typeof sign>[2];
      publicKey: { export(options: object): string };
    };
    return {
      credentials: { oidcIdentityToken: "a token" },
      publicKeyRequest: {
        publicKey: { content: publicKey.export({ format: "pem", type: "spki" }) },
        proofOfPossession: sign(hash, Buffer.from("alice@example.org"), privateKey).toString("base64"),
      },
    };
  };
  const issue = (body: object) => issueForToken(scene.portsFor(alice), scene.authority, { body });
  const good: readonly object[] = [
    request("ec", { namedCurve: "P-384" }, "sha384"),
    request("ec", { namedCurve: "P-521" }, "sha512"),
    request("rsa", { modulusLength: 2048 }, "sha256"),
    request("ed25519", {}, null),
  ];
  for (const body of good) assert.equal((await issue(body)).length, 3);
  await assert.rejects(issue(request("rsa", { modulusLength: 1024 }, "sha256")), {
    code: "fulcio/possession",
  });
  await assert.rejects(issue(request("ec", { namedCurve: "secp256k1" }, "sha256")), {
    code: "fulcio/request",
  });
});

test("a key that is no point of its curve, or is compressed, is told so", async () => {
  const issue = (body: object) => issueForToken(scene.portsFor(alice), scene.authority, { body });
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ format: "der", type: "spki" });
  const offCurve = Buffer.concat([spki.subarray(0, -1), Buffer.from([(spki.at(-1) ?? 0) ^ 1])]);
  const whole = makeRequester().request("alice@example.org") as Record<string, Record<string, unknown>>;
  const content = offCurve.toString("base64");
  const body = { ...whole, publicKeyRequest: { ...whole["publicKeyRequest"], publicKey: { content } } };
  await assert.rejects(issue(body), { code: "fulcio/possession", next: /on its curve, and not compressed/ });
  assert.equal((await issue(whole)).length, 3, "the control");
});

test("a malformed request is refused before anybody is asked", async () => {
  const whole = makeRequester().request("alice@example.org") as Record<string, Record<string, unknown>>;
  const key = whole["publicKeyRequest"] ?? {};
  const bodies: readonly unknown[] = [
    undefined,
    [],
    {},
    { ...whole, credentials: {} },
    { ...whole, credentials: { oidcIdentityToken: "a".repeat(20_000) } },
    { credentials: whole["credentials"] },
    { ...whole, certificateSigningRequest: "AAAA" },
    { ...whole, publicKeyRequest: { ...key, proofOfPossession: "?" } },
    { ...whole, publicKeyRequest: { ...key, publicKey: { content: "-----BEGIN PUBLIC KEY-----" } } },
    { ...whole, publicKeyRequest: { ...key, publicKey: { content: "AAAA" } } },
    { credentials: whole["credentials"], certificateSigningRequest: "AAAA" },
  ];
  for (const body of bodies) {
    const refused = issueForToken(scene.portsFor(alice), scene.authority, { body });
    await assert.rejects(refused, { code: "fulcio/request" }, JSON.stringify(body)?.slice(0, 120));
  }
});

test("the certificate lives ten minutes and says who vouched", async () => {
  const [certificate] = await issueForToken(scene.portsFor(job), scene.authority, {
    body: makeRequester().request(job.subject),
  });
  assert.ok(certificate);
  const { start, end } = certificate.validity;
  assert.equal((end ?? 0) - (start ?? 0), 605_000);
  assert.equal(certificate.oidcIssuer, "https://issuer.test");
  assert.deepEqual(certificate.uris, ["https://ci.test/job/1"]);
});
