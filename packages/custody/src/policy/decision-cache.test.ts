import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { makeScene } from "custody/assurance/scene.testing";
import { makeTrust } from "custody/authority/attestor.testing";
import { Examination } from "custody/evidence";
import { instantOf, parseDigest, parseInstant } from "custody/ground";

import { decide, DecisionCache, Gates } from "./index.ts";
import type { Decision, GateQuestion } from "./index.ts";

const ports = { crypto: nodeCrypto, gates: new Gates() };
const scene = await makeScene();
const root = scene.authorities.trustedRoot;
const { at } = scene.question;
const decision = await decideOn({});

function decideOn(changes: Partial<GateQuestion>, examination?: Examination): Promise<Decision> {
  return decide(ports, root, { ...scene.question, ...changes }, examination);
}

function kept(...decisions: readonly Decision[]): DecisionCache {
  const cache = new DecisionCache();
  for (const one of decisions) cache.keep(one);
  return cache;
}

function imageOf(number: number): Decision["image"] {
  return parseDigest(`sha256:${String(number).padStart(64, "0")}`);
}

test("the same question is a lookup", () => {
  const cache = kept(decision);
  assert.equal(cache.find({ ...decision }, at), decision);
  assert.equal(cache.findRepository(decision.image), "hello");
});

test("an image that was never decided on is not known", () => {
  assert.equal(kept(decision).find({ ...decision, image: imageOf(1) }, at), undefined);
  assert.equal(kept().findRepository(decision.image), undefined);
});

test("a changed policy misses", async () => {
  const policy = { ...scene.question.policy, signers: [] };
  const { policyRevision } = await decideOn({ policy });
  assert.notEqual(policyRevision, decision.policyRevision);
  assert.equal(kept(decision).find({ ...decision, policyRevision }, at), undefined);
});

test("a changed root misses", async () => {
  const other = (await makeTrust()).authorities.trustedRoot;
  const { trustRevision } = await decide(ports, other, scene.question);
  assert.notEqual(trustRevision, decision.trustRevision);
  assert.equal(kept(decision).find({ ...decision, trustRevision }, at), undefined);
});

const first = { signedAt: instantOf(0), logIndex: 0 };

test("a raised high-water mark misses, and so does one that was not there before", async () => {
  const marked = await decideOn({ notBefore: first });
  const cache = kept(marked);
  assert.equal(cache.find({ ...marked, notBefore: first }, at), marked);
  for (const raised of [
    { ...first, logIndex: 1 },
    { ...first, signedAt: instantOf(1) },
  ])
    assert.equal(cache.find({ ...marked, notBefore: raised }, at), undefined);
  assert.equal(cache.find({ ...marked, notBefore: undefined }, at), undefined);
  assert.equal(kept(decision).find({ ...decision, notBefore: first }, at), undefined);
});

test("an expired layout misses from the first millisecond on", () => {
  const end = parseInstant(decision.layoutExpires);
  assert.equal(kept(decision).find(decision, end), decision);
  assert.equal(kept(decision).find(decision, instantOf(end + 1)), undefined);
});

test("a refusal is never kept: evidence may still come", async () => {
  const refused = await decideOn({ bundles: scene.question.bundles.slice(1) });
  assert.equal(refused.verdict.kind, "refused");
  assert.equal(kept(refused).size, 0);
});

test("what could not be decided is never kept", async () => {
  const bundles = [...scene.question.bundles.slice(1), new Uint8Array([0x7b])];
  const undecided = await decideOn({ bundles });
  assert.equal(undecided.verdict.kind, "undecided");
  assert.equal(kept(undecided).size, 0);
});

test("a drill's decision, made with a check off, is never kept", async () => {
  const drilled = await decideOn({}, new Examination(["evidence/signature-invalid"]));
  assert.equal(drilled.verdict.kind, "allowed");
  assert.equal(kept(drilled).size, 0);
});

test("a newer decision about the image takes the place of the older one", async () => {
  const newer = await decideOn({ notBefore: first });
  const cache = kept(decision, newer);
  assert.equal(cache.size, 1);
  assert.equal(cache.find(decision, at), undefined);
  assert.equal(cache.find(newer, at), newer);
});

test("a full cache drops what was asked for least recently", () => {
  const cache = new DecisionCache(2);
  const [a, b, c] = [1, 2, 3].map((number) => ({ ...decision, image: imageOf(number) }));
  assert.ok(a && b && c);
  cache.keep(a);
  cache.keep(b);
  cache.find(a, at);
  cache.keep(c);
  assert.equal(cache.size, 2);
  assert.equal(cache.find(a, at), a);
  assert.equal(cache.find(b, at), undefined);
});
