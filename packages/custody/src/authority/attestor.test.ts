import assert from "node:assert/strict";
import { test } from "node:test";

import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";

import { nodeCrypto } from "@custody/node/crypto";
import { Examination, examineBundle, formatTrustedRoot, parseTrustedRoot } from "custody/evidence";
import { webCrypto } from "custody/ground/web-crypto";
import { parseUtf8 } from "custody/ground";
import { parseTrustDomain, spiffeIdOf } from "custody/spiffe";

import { makeTrust } from "./attestor.testing.ts";
import { attest, issueSigningCertificate } from "./index.ts";

const identity = spiffeIdOf(parseTrustDomain("example.org"), "repository", "hello", "step", "build");
const statement = {
  subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }],
  predicateType: "https://example.org/predicate",
  predicate: { a: 1 },
};

test("signs a statement that verifies over both crypto ports, from the exported root", async () => {
  const trust = await makeTrust();
  const { bytes } = await trust.attest(identity, statement);
  const root = parseTrustedRoot(JSON.parse(JSON.stringify(formatTrustedRoot(trust.authorities.trustedRoot))));
  for (const crypto of [nodeCrypto, webCrypto]) {
    const examined = await examineBundle(crypto, bytes, root, new Examination());
    assert.equal(examined.kind, "verified");
    assert.ok(examined.kind === "verified");
    assert.equal(examined.bundle.identity, identity);
    assert.equal(examined.bundle.issuer, "spiffe://example.org");
    assert.equal(examined.bundle.logged?.origin, "example.org/log");
    assert.equal(examined.bundle.logged.index, 0);
    assert.deepEqual(examined.bundle.statement, statement);
  }
});

test("makes bundles that sigstore's own verifier accepts, and refuses for another identity", async () => {
  const trust = await makeTrust();
  const root = TrustedRoot.fromJSON(formatTrustedRoot(trust.authorities.trustedRoot));
  const verifier = new Verifier(toTrustMaterial(root), {
    ctlogThreshold: 0,
    tlogThreshold: 1,
    timestampThreshold: 1,
  });
  for (let i = 0; i < 3; i++) {
    const { bytes } = await trust.attest(identity, statement);
    const entity = toSignedEntity(bundleFromJSON(JSON.parse(parseUtf8(bytes))));
    const extensions = { issuer: "spiffe://example.org" };
    verifier.verify(entity, { subjectAlternativeName: `^${identity}$`, extensions });
    assert.throws(() => verifier.verify(entity, { subjectAlternativeName: "^spiffe://other$", extensions }));
  }
});

test("certifies nobody of another trust domain", async () => {
  const trust = await makeTrust();
  const stranger = spiffeIdOf(parseTrustDomain("example.com"), "gate");
  await assert.rejects(trust.attest(stranger, statement), { code: "authority/trust-domain" });
});

test("issues no certificate that outlives its issuer", async () => {
  const trust = await makeTrust();
  trust.clock.set(Date.UTC(2027, 0, 1, 23, 55));
  const { intermediate, trustDomain } = trust.authorities;
  const request = { identity, publicKey: intermediate.signer.publicKey, issuer: "x" };
  const issue = async () => issueSigningCertificate(trust.ports, { ...intermediate, trustDomain }, request);
  await assert.rejects(issue, { code: "authority/expired" });
});

test("lets no attestation out that its own verifier would refuse", async () => {
  const trust = await makeTrust();
  const other = await makeTrust();
  const ports = { ...trust.ports, log: other.ports.log };
  await assert.rejects(attest(ports, trust.authorities, identity, statement), {
    code: "authority/attestation",
  });
});
