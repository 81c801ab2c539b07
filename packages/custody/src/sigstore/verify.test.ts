import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { makeTrust } from "custody/authority/attestor.testing";
import { formatTrustedRoot, parsePublicKey } from "custody/evidence";
import { canonicalJson, parseHex } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import { parseSpiffeId } from "custody/spiffe";

import { bend } from "./bend.testing.ts";
import {
  ask,
  artifact,
  forgeBundle,
  makeKey,
  makePrehashingKey,
  makeWorld,
  policy,
} from "./forge.testing.ts";
import type { EntryName, KeyKind, Wish } from "./forge.testing.ts";
import type { SigstoreQuestion } from "./verify.ts";
import { parseSigstoreRoot } from "./trusted-root.ts";
import { verifySigstoreBundle } from "./verify.ts";

const world = await makeWorld();
const sha256 = { kind: "digests", digests: { sha256: nodeCrypto.sha256(artifact) } } as const;

/** Asked over both adapters of the crypto port, which must agree. */
async function checkAllowed(question: SigstoreQuestion): Promise<void> {
  for (const crypto of [nodeCrypto, webCrypto]) {
    const verdict = await verifySigstoreBundle({ crypto }, question);
    assert.equal(verdict.kind, "allowed", JSON.stringify(verdict));
  }
}

const entries: readonly EntryName[] = [
  "hashedrekord 0.0.1",
  "hashedrekord 0.0.2",
  "dsse 0.0.1",
  "dsse 0.0.2",
  "intoto 0.0.1",
  "intoto 0.0.2",
];

for (const entry of entries) {
  for (const version of ["0.1", "0.2", "0.3"] as const) {
    const wish: Wish = {
      entry,
      version,
      isStamped: true,
      isPromised: entry.endsWith("0.0.1") || version === "0.1",
    };
    test(`a v${version} bundle with a ${entry} entry holds, about a file and about its digest`, async () => {
      const bundle = await forgeBundle(world, wish);
      await checkAllowed(ask(bundle, world.root));
      await checkAllowed(ask(bundle, world.root, { artifact: sha256 }));
    });
  }
}

test("an envelope stands in a hashedrekord 0.0.2 entry by the digest of its encoding", async () => {
  await checkAllowed(
    ask(await forgeBundle(world, { content: "dsse", entry: "hashedrekord 0.0.2" }), world.root),
  );
});

for (const kind of ["p256", "p384", "p521", "rsa", "ed25519"] as const satisfies readonly KeyKind[]) {
  test(`a bundle signed with a bare ${kind} key holds against that key, and against no other`, async () => {
    const key = makeKey(kind);
    const isDsse = kind === "p384" || kind === "p521" || kind === "ed25519";
    const bundle = await forgeBundle(world, {
      key,
      keyed: true,
      entry: isDsse ? "dsse 0.0.2" : "hashedrekord 0.0.1",
    });
    const signedBy = (spki: typeof key.spki) =>
      ask(bundle, world.root, { policy: { signer: { kind: "key", key: parsePublicKey(spki) } } });
    await checkAllowed(signedBy(key.spki));
    const other = await verifySigstoreBundle({ crypto: nodeCrypto }, signedBy(makeKey(kind).spki));
    assert.equal(other.kind, "refused");
  });
}

test("an Ed25519ph signature holds, about a file and about its SHA-512", async () => {
  const key = makePrehashingKey();
  const bundle = await forgeBundle(world, { key, keyed: true, entry: "hashedrekord 0.0.2" });
  const keyed = { policy: { signer: { kind: "key", key: parsePublicKey(key.spki) } } } as const;
  await checkAllowed(ask(bundle, world.root, keyed));
  const sha512 = createHash("sha512").update(artifact).digest();
  const both = { ...sha256.digests, sha512: new Uint8Array(sha512) };
  await checkAllowed(ask(bundle, world.root, { ...keyed, artifact: { kind: "digests", digests: both } }));
});

test("says who signed, when, and where it stands", async () => {
  const question = ask(await forgeBundle(world, { entry: "dsse 0.0.2" }), world.root, { policy });
  const verdict = await verifySigstoreBundle({ crypto: nodeCrypto }, question);
  assert.ok(verdict.kind === "allowed");
  assert.equal(verdict.facts.signer?.identity, "https://example.org/workflow@main");
  assert.deepEqual(verdict.facts.times, [Date.UTC(2026, 0, 2)]);
  assert.deepEqual(verdict.facts.logs, [{ origin: "log2026.example.org", index: 1 }]);
  assert.deepEqual(verdict.facts.without, []);
  assert.equal(verdict.facts.statement?.predicateType, "https://example.org/predicate/v1");
});

test("of an artifact whose needed digest is not known it cannot decide", async () => {
  const unknown = { kind: "digests", digests: { sha512: new Uint8Array(64) } } as const;
  for (const entry of ["hashedrekord 0.0.1", "dsse 0.0.1"] as const) {
    const question = ask(await forgeBundle(world, { entry }), world.root, { artifact: unknown });
    const verdict = await verifySigstoreBundle({ crypto: nodeCrypto }, question);
    assert.ok(verdict.kind === "undecided");
    assert.equal(verdict.reasons[0].code, "sigstore/digest-unknown");
  }
});

test("Custody's own bundles hold under Custody's own root, as anybody's do", async () => {
  const trust = await makeTrust();
  const spiffe = parseSpiffeId("spiffe://example.org/gate");
  const subject = [{ name: "image", digest: { sha256: "ab".repeat(32) } }];
  const { bytes: bundle } = await trust.attest(spiffe, {
    subject,
    predicateType: "https://example.org/v1",
    predicate: {},
  });
  await checkAllowed({
    bundle,
    root: parseSigstoreRoot(canonicalJson(formatTrustedRoot(trust.authorities.trustedRoot))),
    artifact: { kind: "digests", digests: { sha256: parseHex("ab".repeat(32)) } },
    policy: { signer: { kind: "certificate", identity: spiffe, issuer: "spiffe://example.org" } },
  });
});

test("asks for no certificate log where the root names none", async () => {
  const root = bend(world.root, "ctlogs", undefined);
  await checkAllowed(ask(await forgeBundle(world, { withSct: false }), root));
});
