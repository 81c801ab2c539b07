import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { formatBundle, parseBundle, testResult, verifyChain } from "custody/evidence";
import type { ChainQuestion } from "custody/evidence";
import { instantOf } from "custody/ground";
import type { Bytes, Json } from "custody/ground";
import { identitiesOf } from "custody/policy";

import { exchange, getBundle } from "./forge.ts";
import { makeScene } from "./scene.testing.ts";
import type { TestScene } from "./scene.testing.ts";

const secondMilliseconds = 1000;
const ids = ({ authorities }: TestScene) => identitiesOf(authorities.trustDomain);

/** What anybody can do: hand an old envelope to the log once more, and make a bundle around its new place. */
async function logAgain({ ports }: TestScene, bytes: Bytes): Promise<{ bytes: Bytes; logIndex: number }> {
  const bundle = parseBundle(bytes);
  const [entry] = bundle.logEntries;
  const { index, treeSize, rootHash, hashes, checkpoint } = await ports.log.append(entry!.canonicalizedBody);
  const proof = { index, treeSize, rootHash, hashes, checkpoint };
  return { bytes: formatBundle({ ...bundle, logEntries: [{ ...entry!, index, proof }] }), logIndex: index };
}

async function check(scene: TestScene, change: Partial<ChainQuestion>): Promise<string> {
  const { trustedRoot } = scene.authorities;
  const verdict = await verifyChain(nodeCrypto, trustedRoot, { ...scene.question, ...change });
  return verdict.kind === "allowed" ? "allowed" : verdict.reasons.map(({ code }) => code).join(" ");
}

test("an old commit whose attestation is logged again does not pass for a newer one", async () => {
  const scene = await makeScene();
  const { bytes, verified } = await getBundle(scene, ids(scene).source("hello"));
  const again = await logAgain(scene, bytes);
  const { bundles } = exchange(scene, bytes, [again.bytes]);
  const newer = { signedAt: instantOf(verified.signedAt + secondMilliseconds), logIndex: again.logIndex - 1 };
  assert.equal(await check(scene, { bundles }), "allowed");
  assert.equal(await check(scene, { bundles, notBefore: newer }), "gate/rolled-back");
  assert.equal(
    await check(scene, { bundles, notBefore: { ...newer, signedAt: verified.signedAt } }),
    "allowed",
  );
});

test("a test that failed since has failed, though its success is logged again after that", async () => {
  const scene = await makeScene();
  const identity = ids(scene).step("hello", "test");
  const { bytes, verified } = await getBundle(scene, identity);
  const predicate = { ...testResult.parse(verified.statement.predicate), result: "FAILED" } as Json;
  scene.trust.clock.set(scene.trust.clock.now() + secondMilliseconds);
  const failed = await scene.attest(identity, { ...verified.statement, predicate });
  const again = await logAgain(scene, bytes);
  const { bundles } = scene.question;
  assert.equal(await check(scene, { bundles: [...bundles, again.bytes] }), "allowed");
  const all = [...bundles, failed.bytes, again.bytes];
  assert.equal(await check(scene, { bundles: all }), "evidence/failed-since");
});
