import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { CustodyError } from "custody/ground";

import { carry, decideOn, handOffPhases, readChainRecords } from "./index.ts";
import type { Delivery } from "./index.ts";
import { openLoop, pipelineText } from "./loop.testing.ts";
import type { Loop, LoopOptions } from "./loop.testing.ts";

/** How a delivery ended: its phase, and the code of the first reason. */
function endOf({ phase, state }: Delivery): string {
  const [reason] = state.reasons ?? [];
  return reason ? `${phase} ${reason.code}` : phase;
}

/** The chain of an image, as the gate sees it now. */
async function stepsOf({ ports }: Loop, { state }: Delivery): Promise<string[]> {
  const records = await readChainRecords(ports, state.image!);
  const { verdict } = await decideOn(ports, "hello", state.image!, records);
  assert.equal(verdict.kind, "allowed", JSON.stringify(verdict));
  return verdict.kind === "allowed" ? verdict.facts.steps.map(({ name }) => name) : [];
}

const wholeChain = ["source", "stemcell/base", "build", "test", "package", "publish"];

test("a signed commit becomes a running process, every hand-off attested", async () => {
  using loop = await openLoop();
  await loop.setPolicy();
  const commit = loop.commit(pipelineText, "ada");
  const delivery = await loop.deliver(commit);
  assert.equal(endOf(delivery), "done");
  assert.deepEqual(await stepsOf(loop, delivery), wholeChain);
  const workload = await loop.stores.workloads.findWorkload("hello");
  assert.equal(workload?.process?.image, delivery.state.image);
  assert.equal(workload?.desired, "running");
  assert.deepEqual(loop.published.slice(0, 2), [`hello:${commit.slice(0, 12)}`, "hello:latest"]);
  const finished = loop.events.filter(({ kind }) => kind === "finished").map(({ phase }) => phase);
  assert.deepEqual([...new Set(finished)], [...handOffPhases]);
});

test("a pipeline without `run` ends with an image and starts nothing", async () => {
  using loop = await openLoop();
  const text = pipelineText.slice(0, pipelineText.indexOf("run:\n"));
  await loop.setPolicy(text);
  const delivery = await loop.deliver(loop.commit(text, "ada"));
  assert.equal(endOf(delivery), "done");
  assert.equal(await loop.stores.workloads.findWorkload("hello"), undefined);
});

interface Refused extends LoopOptions {
  readonly name: string;
  readonly end: string;
  /** What is committed; the pipeline where nothing is said. */
  readonly text?: string;
  readonly file?: string;
  readonly signer?: "ada" | "mallory" | "nobody";
  /** The pipeline that the policy was made for; undefined for no policy at all. */
  readonly policy?: string | undefined;
}

const refused: readonly Refused[] = [
  { name: "a repository without a policy", policy: undefined, end: "refused source/no-policy" },
  { name: "a commit without custody.yaml", file: "README", end: "refused source/no-pipeline" },
  { name: "an unsigned commit", signer: "nobody", end: "refused source/unsigned" },
  { name: "a commit that a stranger signed", signer: "mallory", end: "refused source/signer-not-listed" },
  {
    name: "a custody.yaml of another repository",
    text: pipelineText.replace("name: hello", "name: other"),
    end: "refused source/wrong-repository",
  },
  { name: "a custody.yaml that is none", text: "version: [", end: "refused factory/syntax" },
  {
    name: "a custody.yaml with a word that it does not have",
    text: `${pipelineText}sudo: true\n`,
    end: "refused factory/shape",
  },
  {
    name: "a build step that fails",
    programs: { make: () => ({ exitCode: 2, output: "no rule\n" }) },
    end: "failed step/exit",
  },
  {
    name: "a test that fails",
    programs: { check: () => ({ exitCode: 1 }) },
    end: "failed step/exit",
  },
  {
    name: "a step that does not leave what it declares",
    programs: { make: () => ({ exitCode: 0, files: { other: "x" } }) },
    end: "failed step/output-refused",
  },
  {
    name: "a step beyond a limit",
    programs: { make: () => ({ exitCode: 137, stopped: "step/memory" }) },
    end: "failed step/memory",
  },
  {
    name: "a pipeline with a step less than its policy demands",
    text: pipelineText.replace(/ {2}- \{ name: test.*\n/, ""),
    end: "refused layout/step-missing",
  },
  { name: "a workload that is never well", isHealthy: () => false, end: "failed run/unhealthy" },
  {
    name: "a workload that ends at once",
    programs: { serve: () => ({ exitCode: 1 }) },
    end: "failed runtime/start-failed",
  },
];

suite("a delivery ends, with the reason, and nothing runs:", () => {
  for (const row of refused) {
    test(row.name, async () => {
      using loop = await openLoop(row);
      const policy = "policy" in row ? row.policy : pipelineText;
      if (policy !== undefined) await loop.setPolicy(policy);
      const { signer = "ada", text = pipelineText, file } = row;
      const commit = loop.commit(text, signer === "nobody" ? undefined : signer, file);
      const delivery = await loop.deliver(commit);
      assert.equal(endOf(delivery), row.end, JSON.stringify(delivery.state.reasons));
      assert.deepEqual(await loop.stores.deliveries.find(delivery.id), delivery);
      assert.equal((await loop.stores.workloads.findWorkload("hello"))?.process, undefined);
    });
  }
});

suite("what cannot be read is no yes:", () => {
  test("an object that the repository does not have", async () => {
    const change = (): object => ({
      sources: { readObject: () => Promise.reject(new CustodyError("git/missing-object", "gone")) },
    });
    using loop = await openLoop({ change });
    await loop.setPolicy();
    const delivery = await loop.deliver(loop.commit(pipelineText, "ada"));
    assert.equal(endOf(delivery), "undecided git/missing-object");
  });

  test("a bundle that was cut off in the store", async () => {
    using loop = await openLoop({
      change: ({ attestations }) => ({
        attestations: {
          ...attestations,
          async find(digest) {
            const record = await attestations.find(digest);
            return record?.step === "test" ? { ...record, bytes: record.bytes.slice(0, -9) } : record;
          },
        },
      }),
    });
    await loop.setPolicy();
    const delivery = await loop.deliver(loop.commit(pipelineText, "ada"));
    assert.equal(delivery.phase, "undecided", endOf(delivery));
  });

  test("a source tree that was changed between checkout and build", async () => {
    using loop = await openLoop({
      change: (ports) => ({
        async attest(identity, statement) {
          const issued = await ports.attest(identity, statement);
          const tree = statement.subject.find(({ name }) => name === "source")?.digest["sha256"];
          if (tree) loop.trees.change(`memory:sha256:${tree}`, `sha256:${"e".repeat(64)}` as never);
          return issued;
        },
      }),
    });
    await loop.setPolicy();
    const delivery = await loop.deliver(loop.commit(pipelineText, "ada"));
    assert.equal(delivery.phase, "failed");
    assert.match(endOf(delivery), /^failed factory\//);
  });
});

test("an older commit does not come back after a newer one was admitted, and what runs goes on", async () => {
  using loop = await openLoop();
  await loop.setPolicy();
  const old = loop.commit(pipelineText, "ada");
  const first = await loop.deliver(old);
  const second = await loop.deliver(loop.commit("x", "ada", "README"));
  assert.deepEqual([endOf(first), endOf(second)], ["done", "done"]);
  assert.equal(endOf(await loop.deliver(old)), "refused gate/rolled-back");
  const workload = await loop.stores.workloads.findWorkload("hello");
  assert.equal(workload?.process?.image, second.state.image);
});

suite("a crash between a hand-off and its row is redone into one chain:", () => {
  for (const phase of handOffPhases) {
    test(phase, async () => {
      let crashes = 1;
      using loop = await openLoop({
        change: ({ deliveries }) => ({
          deliveries: {
            ...deliveries,
            create: (delivery) => deliveries.create(delivery),
            async advance(held, transition, attestations) {
              const before = await deliveries.find(held.id);
              if (before?.phase === phase && crashes-- > 0) throw new Error("power lost");
              return deliveries.advance(held, transition, attestations);
            },
          },
        }),
      });
      await loop.setPolicy();
      await assert.rejects(loop.deliver(loop.commit(pipelineText, "ada")), /power lost/);
      const delivery = await loop.resume();
      assert.equal(endOf(delivery), "done");
      assert.equal(delivery.epoch, 2);
      assert.deepEqual(await stepsOf(loop, delivery), wholeChain);
      const own = delivery.state.attestations ?? [];
      const records = await Promise.all(own.map((digest) => loop.stores.attestations.find(digest)));
      const named = records.map((record) => record?.step ?? record?.predicateType);
      assert.equal(new Set(named).size, named.length, "each hand-off is in the delivery once");
    });
  }
});

test("a passing fault leaves the delivery where it was, and the next try goes on from there", async () => {
  let isDown = true;
  using loop = await openLoop({
    change: ({ publisher }) => ({
      publisher: {
        ...publisher,
        publish: (...args) =>
          isDown
            ? Promise.reject(new CustodyError("registry/unreachable", "no answer"))
            : publisher.publish(...args),
      },
    }),
  });
  await loop.setPolicy();
  await assert.rejects(loop.deliver(loop.commit(pipelineText, "ada")), { code: "registry/unreachable" });
  const [waiting] = await loop.stores.deliveries.list({ limit: 1 });
  assert.equal(waiting?.phase, "publish");
  isDown = false;
  assert.equal(endOf(await loop.resume()), "done");
});

test("a lost lease stops the work: nothing is kept, nothing is handed on", async () => {
  let isTaken = false;
  using loop = await openLoop({
    programs: {
      make: () => {
        isTaken = true;
        return { exitCode: 0, files: { hello: "binary" } };
      },
    },
    change: (ports) => ({
      async attest(identity, statement) {
        if (isTaken) await ports.deliveries.claim("another process", 60);
        return ports.attest(identity, statement);
      },
    }),
  });
  await loop.setPolicy();
  const left = await loop.deliver(loop.commit(pipelineText, "ada"));
  assert.equal(left.phase, "steps");
  const kept = await loop.stores.deliveries.find(left.id);
  assert.ok(kept!.epoch > left.epoch);
  assert.deepEqual(kept?.state.steps, {});
  assert.deepEqual(loop.published, []);
  const about = await loop.stores.attestations.findByArtifacts([left.state.source!]);
  assert.deepEqual(
    about.map(({ step }) => step),
    ["source"],
  );
});

test("a process that is about to end begins no other hand-off", async () => {
  using loop = await openLoop();
  await loop.setPolicy();
  let handOffs = 0;
  const isStopping = (): boolean => handOffs++ >= 2;
  const left = await loop.deliver(loop.commit(pipelineText, "ada"), { isStopping });
  assert.equal(left.phase, "steps");
  assert.equal(endOf(await loop.resume()), "done");
});

test("a delivery that has ended is not carried again", async () => {
  using loop = await openLoop();
  await loop.setPolicy();
  const done = await loop.deliver(loop.commit(pipelineText, "ada"));
  const heard: unknown[] = [];
  const again = await carry(loop.ports, loop.keeper, done, { listen: (event) => heard.push(event) });
  assert.equal(again, done);
  assert.deepEqual(heard, []);
});
