import assert from "node:assert/strict";
import { test } from "node:test";

import { CustodyError, instantOf } from "custody/ground";
import type { Digest } from "custody/ground";

import { readChainRecords, RememberedGate } from "./index.ts";
import { openLoop, pipelineText } from "./loop.testing.ts";
import type { Loop } from "./loop.testing.ts";

const year = 365 * 24 * 3_600_000;

interface Asked extends Disposable {
  readonly loop: Loop;
  readonly gate: RememberedGate;
  readonly image: Digest;
  /** As the server's query does it: what is known, or a new decision. */
  ask(): Promise<string>;
}

async function openAsked(): Promise<Asked> {
  let builds = 0;
  const make = () => ({ exitCode: 0, files: { hello: `binary ${builds++}` } });
  const loop = await openLoop({ programs: { make } });
  await loop.setPolicy();
  const delivery = await loop.deliver(loop.commit(pipelineText, "ada"));
  const image = delivery.state.image!;
  const gate = new RememberedGate(loop.ports);
  return {
    loop,
    gate,
    image,
    async ask() {
      const known = await gate.find(image);
      if (known) return `known ${known.verdict.kind}`;
      const records = await readChainRecords(loop.ports, image);
      return `new ${(await gate.decide("hello", image, records)).verdict.kind}`;
    },
    [Symbol.dispose]: () => loop[Symbol.dispose](),
  };
}

test("the second time an image is asked about is a lookup", async () => {
  using asked = await openAsked();
  assert.deepEqual([await asked.ask(), await asked.ask()], ["new allowed", "known allowed"]);
});

test("a lookup reads no attestation and no policy document", async () => {
  using asked = await openAsked();
  const { loop, image } = asked;
  const unread = (): Promise<never> => Promise.reject(new CustodyError("test/read", "was read"));
  let isShut = false;
  const { policies } = loop.ports;
  const gate = new RememberedGate({
    ...loop.ports,
    policies: { ...policies, findPolicy: (name) => (isShut ? unread() : policies.findPolicy(name)) },
  });
  await gate.decide("hello", image, await readChainRecords(loop.ports, image));
  isShut = true;
  assert.equal((await gate.find(image))?.repository, "hello");
});

test("a changed policy is decided on anew, and what it refuses every time; set back, the old answer holds", async () => {
  using asked = await openAsked();
  await asked.ask();
  const more = pipelineText.replace(
    "image:\n",
    "  - { name: lint, kind: test, stemcell: base, run: check }\nimage:\n",
  );
  await asked.loop.setPolicy(more);
  assert.deepEqual([await asked.ask(), await asked.ask()], ["new refused", "new refused"]);
  await asked.loop.setPolicy();
  assert.equal(await asked.ask(), "known allowed");
});

test("a newer commit's admission is looked at: what went by is refused, not remembered", async () => {
  using asked = await openAsked();
  await asked.ask();
  await asked.loop.deliver(asked.loop.commit("x", "ada", "README"));
  assert.equal(await asked.ask(), "new refused");
});

test("a layout that has expired admits no longer, however often it did", async () => {
  using asked = await openAsked();
  assert.deepEqual([await asked.ask(), await asked.ask()], ["new allowed", "known allowed"]);
  asked.loop.trust.clock.set(instantOf(asked.loop.trust.clock.now() + year));
  assert.equal(await asked.ask(), "new refused");
});

test("when evidence has come from elsewhere, all is decided on anew", async () => {
  using asked = await openAsked();
  assert.deepEqual([await asked.ask(), await asked.ask()], ["new allowed", "known allowed"]);
  asked.gate.forgetAll();
  assert.deepEqual([await asked.ask(), await asked.ask()], ["new allowed", "known allowed"]);
});

test("an image that nobody asked about is not known", async () => {
  using asked = await openAsked();
  assert.equal(await asked.gate.find(asked.image), undefined);
});
