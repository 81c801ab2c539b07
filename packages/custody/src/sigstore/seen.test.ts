import assert from "node:assert/strict";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import type { Crypto } from "custody/ground";

import { bend } from "./bend.testing.ts";
import { ask, forgeBundle, makeWorld } from "./forge.testing.ts";
import { Seen } from "./seen.ts";
import { verifySigstoreBundle } from "./verify.ts";
import type { SigstoreQuestion } from "./verify.ts";

const world = await makeWorld();

/** How many signatures it takes to answer, and the answer. */
async function measure(question: SigstoreQuestion, seen?: Seen): Promise<readonly [string, number]> {
  let signatures = 0;
  const crypto: Crypto = {
    ...nodeCrypto,
    verify: (...given) => {
      signatures++;
      return nodeCrypto.verify(...given);
    },
  };
  const verdict = await verifySigstoreBundle({ crypto, ...(seen ? { seen } : {}) }, question);
  return [verdict.kind, signatures];
}

test("what was seen before takes the signatures of this bundle only", async () => {
  const question = ask(await forgeBundle(world), world.root);
  const seen = new Seen(question.root);
  const [, cold] = await measure(question, seen);
  // The signed entry timestamp and the artifact's signature are never taken as known.
  assert.deepEqual(await measure(question, seen), ["allowed", 2]);
  assert.ok(cold > 2);
});

test("what was seen under one root says nothing under another", async () => {
  const bundle = await forgeBundle(world);
  const question = ask(bundle, world.root);
  const seen = new Seen(question.root);
  const cold = await measure(question, seen);
  const other = ask(bundle, bend(world.root, "certificateAuthorities", []));
  assert.equal((await measure(other, seen))[0], "refused");
  assert.deepEqual(await measure(ask(bundle, world.root), seen), cold);
});

test("a signature that was good before is still refused over another artifact", async () => {
  const question = ask(await forgeBundle(world), world.root);
  const seen = new Seen(question.root);
  await measure(question, seen);
  const artifact = { kind: "bytes", bytes: new Uint8Array(3) } as const;
  assert.equal((await measure({ ...question, artifact }, seen))[0], "refused");
});

test("remembers no more than it may", async () => {
  const question = ask(await forgeBundle(world), world.root);
  const seen = new Seen(question.root, 1);
  await measure(question, seen);
  const other = { ...ask(await forgeBundle(world), world.root), root: question.root };
  await measure(other, seen);
  const [, again] = await measure(question, seen);
  assert.ok(again > 2);
});
