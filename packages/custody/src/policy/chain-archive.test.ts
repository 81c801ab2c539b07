import assert from "node:assert/strict";
import { before, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { makeScene } from "custody/assurance/scene.testing";
import type { TestScene } from "custody/assurance/scene.testing";
import { Examination, policy as policyType } from "custody/evidence";
import type { RepositoryPolicy } from "custody/evidence";
import { canonicalJson, hexOf, parseDigest, utf8 } from "custody/ground";
import type { Bytes, Digest, Json } from "custody/ground";
import type { SpiffeId } from "custody/spiffe";
import { writeTar } from "custody/tar";
import type { TreeEntry } from "custody/tar";

import {
  decide,
  Gates,
  identitiesOf,
  readChainArchive,
  summarize,
  verifyChainArchive,
  writeChainArchive,
} from "./index.ts";
import type { ChainArchive } from "./index.ts";

const ports = { crypto: nodeCrypto, gates: new Gates() };
let scene: TestScene;
let archive: ChainArchive;
before(async () => {
  scene = await makeScene();
  const { policy, image } = scene.question;
  const { gate, policy: policyId } = identitiesOf(scene.authorities.trustDomain);
  const policyBundle = await attestPolicy(policy, policyId);
  const decision = await decide(ports, scene.authorities.trustedRoot, scene.question);
  const admission = await scene.attest(gate, summarize(decision, gate, "pkg:oci/hello"));
  const bundles = [...scene.question.bundles, admission.bytes];
  archive = { image, repository: policy.repository, policy: policyBundle, bundles };
});

async function attestPolicy(policy: RepositoryPolicy, identity: SpiffeId): Promise<Bytes> {
  const subject = [{ name: "policy/hello", digest: { sha256: "0".repeat(64) } }];
  const predicate = policy as unknown as Json;
  return (await scene.attest(identity, { subject, predicateType: policyType.predicateType, predicate }))
    .bytes;
}

async function answerTo(changed: Partial<ChainArchive>): Promise<string> {
  const read = await readChainArchive(writeChainArchive({ ...archive, ...changed }));
  const root = scene.authorities.trustedRoot;
  const verdict = await verifyChainArchive(ports, root, read, scene.question.at);
  return verdict.kind === "allowed" ? "allowed" : `${verdict.kind} ${verdict.reasons[0].code}`;
}

test("a whole chain survives the file and verifies from it", async () => {
  assert.deepEqual(await readChainArchive(writeChainArchive(archive)), archive);
  assert.equal(await answerTo({}), "allowed");
});

test("the order of bundles, and bundles that say nothing of the chain, do not matter", async () => {
  assert.equal(await answerTo({ bundles: archive.bundles.toReversed() }), "allowed");
  const stranger = await makeScene();
  assert.equal(await answerTo({ bundles: [...archive.bundles, ...stranger.question.bundles] }), "allowed");
});

test("every bundle of the chain is needed", async () => {
  for (const left of archive.bundles) {
    const answer = await answerTo({ bundles: archive.bundles.filter((bundle) => bundle !== left) });
    assert.match(answer, /^refused (layout|gate)\//);
  }
});

test("a bundle that cannot be read is undecided, needed or not: it may be a later refusal", async () => {
  const cut = (bytes: Bytes): Bytes => bytes.slice(0, -10);
  assert.match(await answerTo({ bundles: [...archive.bundles, utf8("junk")] }), /^undecided json\//);
  for (const broken of scene.question.bundles) {
    const bundles = archive.bundles.map((bytes) => (bytes === broken ? cut(bytes) : bytes));
    assert.match(await answerTo({ bundles }), /^undecided layout\/step-missing/);
  }
});

test("another image, repository or policy is refused", async () => {
  const image = parseDigest(`sha256:${"e".repeat(64)}`);
  assert.equal(await answerTo({ image }), "refused evidence/subject-mismatch");
  assert.equal(await answerTo({ repository: "other" }), "refused chain/repository");
  const { gate } = identitiesOf(scene.authorities.trustDomain);
  const byAnother = await attestPolicy(scene.question.policy, gate);
  assert.equal(await answerTo({ policy: byAnother }), "refused evidence/identity-mismatch");
  const [first = utf8("")] = archive.bundles;
  assert.equal(await answerTo({ policy: first }), "refused evidence/identity-mismatch");
});

test("a policy that the gate did not decide under is refused, though it is properly signed", async () => {
  const { policy: policyId } = identitiesOf(scene.authorities.trustDomain);
  const { policy } = scene.question;
  const [signer] = policy.signers;
  assert.ok(signer);
  const laxer = { ...policy, signers: [signer, { ...signer, name: "somebody else" }] };
  assert.equal(
    await answerTo({ policy: await attestPolicy(laxer, policyId) }),
    "refused gate/policy-superseded",
  );
});

test("another domain's root is refused", async () => {
  const stranger = await makeScene();
  const verdict = await verifyChainArchive(
    ports,
    stranger.authorities.trustedRoot,
    archive,
    scene.question.at,
  );
  assert.ok(verdict.kind === "refused");
  assert.match(verdict.reasons[0].code, /^evidence\//);
});

test("a decision with a check off cannot be signed", async () => {
  const root = scene.authorities.trustedRoot;
  const decision = await decide(ports, root, scene.question, new Examination(["source/unsigned"]));
  assert.throws(() => summarize(decision, identitiesOf(scene.authorities.trustDomain).gate, "x"), {
    code: "gate/drill",
  });
});

function entry(path: string, content: Bytes): TreeEntry {
  const open = async function* (): AsyncGenerator<Bytes> {
    yield content;
  };
  return { kind: "file", path, mode: 0o644, sizeBytes: content.length, content: open };
}

function indexOf(image: Digest | string, more: object = {}): TreeEntry {
  return entry("chain.json", canonicalJson({ version: 1, image, repository: "hello", ...more }));
}

test("refuses archives that are not whole or mean two things", async () => {
  const good = indexOf(`sha256:${hexOf(scene.question.image)}`);
  const wrong: Record<string, TreeEntry[]> = {
    "no index": [entry("policy.sigstore.json", utf8("{}"))],
    "no policy": [good],
    "an unknown field": [
      indexOf(scene.question.image, { trusted: true }),
      entry("policy.sigstore.json", utf8("{}")),
    ],
    "a link": [good, { kind: "symlink", path: "policy.sigstore.json", target: "/etc/passwd" }],
    "no digest": [indexOf("latest"), entry("policy.sigstore.json", utf8("{}"))],
  };
  for (const [name, entries] of Object.entries(wrong)) {
    await assert.rejects(readChainArchive(writeTar(entries)), { code: "chain/archive" }, name);
  }
});

test("refuses a file cut off at any place", async () => {
  const parts: Uint8Array[] = [];
  for await (const part of writeChainArchive(archive)) parts.push(part);
  const whole = Buffer.concat(parts);
  for (let length = 0; length < whole.length - 1024; length += 1499) {
    const cut = new Uint8Array(whole.subarray(0, length));
    const stream = (async function* () {
      yield cut;
    })();
    await assert.rejects(readChainArchive(stream), { name: "CustodyError" }, `${length} bytes`);
  }
});
