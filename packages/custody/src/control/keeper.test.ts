import assert from "node:assert/strict";
import { test } from "node:test";

import { parseDigest } from "custody/ground";
import type { Digest } from "custody/ground";
import { MemorySandbox } from "custody/runtime";
import type { RunningSandbox, WorkloadExit } from "custody/runtime";

import { Keeper } from "./index.ts";
import type { Workload } from "./index.ts";
import { openLoop, pipelineText } from "./loop.testing.ts";
import type { Loop, LoopOptions } from "./loop.testing.ts";

const stranger = parseDigest(`sha256:${"9".repeat(64)}`);

interface Kept {
  readonly loop: Loop;
  readonly image: Digest;
  find(): Promise<Workload>;
}

/** A workload that was delivered and runs. */
async function openKept(options: LoopOptions = {}): Promise<Kept & Disposable> {
  const loop = await openLoop(options);
  await loop.setPolicy();
  const { state, phase } = await loop.deliver(loop.commit(pipelineText, "ada"));
  assert.equal(phase, "done");
  return {
    loop,
    image: state.image!,
    async find() {
      return (await loop.stores.workloads.findWorkload("hello"))!;
    },
    [Symbol.dispose]: () => loop[Symbol.dispose](),
  };
}

test("reconciling again changes nothing", async () => {
  using kept = await openKept();
  const before = await kept.find();
  await kept.loop.keeper.reconcileAll();
  const again = await kept.loop.keeper.reconcile("hello");
  assert.deepEqual(await kept.find(), before);
  assert.equal(again?.pid, before.process?.pid);
});

test("a workload that is to be stopped is stopped, and started again when it is wanted", async () => {
  using kept = await openKept();
  const { loop } = kept;
  await loop.stores.workloads.setDesired("hello", "stopped");
  await loop.keeper.reconcileAll();
  assert.equal((await kept.find()).process, undefined);
  await loop.stores.workloads.setDesired("hello", "running");
  await loop.keeper.reconcileAll();
  assert.ok((await kept.find()).process);
});

test("the next life of the server starts what should run, after judging the chain again", async () => {
  using kept = await openKept();
  const { loop } = kept;
  await loop.keeper.stopAll();
  const next = new Keeper(loop.ports);
  await next.reconcileAll();
  const { process, trouble } = await kept.find();
  assert.equal(process?.image, kept.image);
  assert.equal(trouble, undefined);
});

test("the next life of the server says of no process that it runs before it has started it", async () => {
  using kept = await openKept();
  const { loop } = kept;
  await loop.keeper.takeOver();
  assert.ok((await kept.find()).process, "what runs here is not forgotten");
  await loop.keeper.stopAll();
  assert.ok((await kept.find()).process, "a server that was killed could not say that it has ended");
  const next = new Keeper(loop.ports);
  await next.takeOver();
  const { process, trouble } = await kept.find();
  assert.equal(process, undefined);
  assert.equal(trouble, "it is being started");
  await next.reconcileAll();
  assert.equal((await kept.find()).trouble, undefined);
});

test("an image that the gate never admitted does not start, and the row says why", async () => {
  using kept = await openKept();
  const { loop } = kept;
  await loop.stores.workloads.want("hello", stranger);
  await assert.rejects(loop.keeper.reconcile("hello"), { code: "layout/step-missing" });
  const { trouble, process } = await kept.find();
  assert.match(trouble ?? "", /layout\/step-missing/);
  assert.equal(process?.image, kept.image);
});

test("switching to an image that is refused leaves running what runs, now and after a restart", async () => {
  using kept = await openKept();
  const before = await kept.find();
  await assert.rejects(kept.loop.keeper.switchTo("hello", stranger));
  assert.deepEqual(await kept.find(), before);
});

test("what is to run starts again, though the gate admitted a later commit since; an image that is not does not", async () => {
  using kept = await openKept();
  const { loop } = kept;
  const highWater = await loop.stores.workloads.findHighWater("hello");
  assert.ok(highWater);
  await loop.stores.workloads.raiseHighWater("hello", { ...highWater, logIndex: highWater.logIndex + 1 });
  await loop.keeper.stopAll();
  const next = new Keeper(loop.ports);
  await next.reconcileAll();
  assert.equal((await kept.find()).process?.image, kept.image);
  await loop.stores.workloads.setDesired("hello", "stopped");
  await next.reconcileAll();
  await assert.rejects(next.switchTo("hello", kept.image), { code: "gate/rolled-back" });
});

test("a policy that changed and still lets the image in is decided on anew before a start", async () => {
  using kept = await openKept();
  const { loop } = kept;
  await loop.keeper.stopAll();
  loop.trust.clock.set(loop.trust.clock.now() + 60_000);
  await loop.setPolicy();
  await new Keeper(loop.ports).reconcileAll();
  assert.equal((await kept.find()).trouble, undefined);
  const about = await loop.stores.attestations.findByArtifacts([kept.image]);
  assert.equal(about.filter(({ step }) => step === "gate").length, 2);
});

test("a policy that no longer lets the image in keeps it from starting", async () => {
  using kept = await openKept();
  const { loop } = kept;
  await loop.keeper.stopAll();
  const lint = "  - { name: lint, kind: test, stemcell: base, run: check }\nimage:\n";
  await loop.setPolicy(pipelineText.replace("image:\n", lint));
  const next = new Keeper(loop.ports);
  await next.reconcileAll();
  const { process, trouble } = await kept.find();
  assert.equal(process, undefined);
  assert.match(trouble ?? "", /layout\/step-missing.*again in 1 s/);
});

test("what ends by itself is started again, after pauses that double", async () => {
  const ends: ((exit: WorkloadExit) => void)[] = [];
  class MortalSandbox extends MemorySandbox {
    override async start(spec: Parameters<MemorySandbox["start"]>[0]): Promise<RunningSandbox> {
      const running = await super.start(spec);
      const end = Promise.withResolvers<WorkloadExit>();
      ends.push(end.resolve);
      return { ...running, exited: end.promise };
    }
  }
  using kept = await openKept({
    change: ({ clock }) => ({ sandbox: new MortalSandbox(clock, { serve: () => ({ exitCode: 0 }) }) }),
  });
  const { clock } = kept.loop.trust;
  for (const pauseSeconds of [1, 2, 4]) {
    const output = { head: "out of luck\n", tail: "", totalBytes: 12 };
    ends.at(-1)?.({ at: clock.now(), exitCode: 3, outOfMemory: false, output });
    await new Promise((resolve) => setImmediate(resolve));
    const { trouble, process } = await kept.find();
    assert.equal(process, undefined);
    assert.match(
      trouble ?? "",
      new RegExp(`exit code 3, its last words: out of luck.*again in ${pauseSeconds} s`),
    );
    await kept.loop.keeper.reconcileAll();
    assert.equal((await kept.find()).process, undefined, "not before the pause is over");
    clock.set(clock.now() + pauseSeconds * 1000);
    await kept.loop.keeper.reconcileAll();
    assert.ok((await kept.find()).process);
  }
});

test("one workload's trouble does not hold up another", async () => {
  using kept = await openKept();
  const { loop } = kept;
  await loop.keeper.stopAll();
  await loop.stores.workloads.want("a-stranger", stranger);
  await new Keeper(loop.ports).reconcileAll();
  assert.ok((await kept.find()).process);
  const other = await loop.stores.workloads.findWorkload("a-stranger");
  assert.match(other?.trouble ?? "", /gate\/no-policy/);
});

test("nothing is started by a keeper that is closed", async () => {
  using kept = await openKept();
  const { loop } = kept;
  await loop.keeper.stopAll();
  await loop.stores.workloads.setDesired("hello", "stopped");
  await loop.stores.workloads.setDesired("hello", "running");
  await loop.keeper.reconcileAll();
  await assert.rejects(loop.keeper.reconcile("hello"), { code: "runtime/closed" });
});
