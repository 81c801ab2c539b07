import assert from "node:assert/strict";
import { test } from "node:test";

import { findFaultCode, parseDigest } from "custody/ground";
import type { TreeEntry } from "custody/tar";

import type { PlacedTree, StepSpec, WorkloadSpec } from "./specification.ts";
import type { Sandbox } from "./sandbox.ts";

/** An adapter under test, with trees that its steps can be given. */
export interface SandboxUnderTest {
  readonly sandbox: Sandbox;
  readonly root: PlacedTree;
  readonly source: PlacedTree;
  /** Why nothing can run here; false when it can. */
  readonly skip: string | false;
}

/** The scripts of the contract; an adapter that runs no shell has to know what they come to. */
export const contractScripts = {
  writes: "mkdir -p out/deep; echo hello > out/hello; echo data > out/deep/data; echo written",
  fails: "echo broken >&2; exit 7",
  stalls: "sleep 60",
  floods: "while :; do echo 0123456789012345678901234567890123456789; done",
  serves: "sleep 60 & wait",
} as const;

const noDigest = `sha256:${"0".repeat(64)}`;
const mebibyte = 1024 * 1024;
const environment = { PATH: "/usr/bin:/bin" };
const limits = { memoryBytes: 256 * mebibyte, cpus: 1, pids: 64 };

/** A step's specification with room for what a test is about. */
export function stepSpec(under: SandboxUnderTest, script: string, more: Partial<StepSpec> = {}): StepSpec {
  return {
    name: "step",
    root: under.root,
    source: under.source,
    inputs: {},
    command: ["sh", "-eu", "-c", script],
    environment,
    workingDirectory: "/work",
    limits: { ...limits, workBytes: 64 * mebibyte, outputBytes: mebibyte, deadlineSeconds: 30 },
    outputs: [],
    networkHosts: [],
    ...more,
  };
}

export function workloadSpec(
  under: SandboxUnderTest,
  script: string,
  more: Partial<WorkloadSpec> = {},
): WorkloadSpec {
  const command = ["sh", "-eu", "-c", script] as const;
  return {
    name: "workload",
    root: under.root,
    command,
    environment,
    workingDirectory: "/",
    limits,
    port: 8080,
    ...more,
  };
}

const pathsOf = async (outputs: readonly TreeEntry[]) =>
  outputs.filter(({ kind }) => kind === "file").map(({ path }) => path);
const nothing = async () => undefined;

/** Holds an adapter to the {@link Sandbox} port. */
export function checkSandbox(adapter: string, open: () => Promise<SandboxUnderTest>): void {
  const check = (name: string, body: (under: SandboxUnderTest) => Promise<void>) =>
    test(`${adapter}: ${name}`, async (t) => {
      const under = await open();
      if (under.skip !== false) return t.skip(under.skip);
      await body(under);
    });

  check("a step that ends well hands over what it declared, sorted, and nothing else", async (under) => {
    const spec = stepSpec(under, contractScripts.writes, { outputs: ["out/hello", "out/deep"] });
    const outcome = await under.sandbox.run(spec, { collect: pathsOf });
    assert.ok(outcome.kind === "succeeded", JSON.stringify(outcome));
    assert.deepEqual(outcome.collected, ["out/deep/data", "out/hello"]);
    assert.equal(outcome.output.head, "written\n");
    assert.equal(outcome.output.totalBytes, 8);
    assert.ok(outcome.finishedAt >= outcome.startedAt);
    assert.equal(outcome.isolation.level, "L3");
  });

  check("a step that does not leave what it declared has failed", async (under) => {
    const spec = stepSpec(under, contractScripts.writes, { outputs: ["out/hello", "missing"] });
    const outcome = await under.sandbox.run(spec, { collect: pathsOf });
    assert.ok(outcome.kind === "failed");
    assert.equal(outcome.reason.code, "step/output-refused");
  });

  check("a step that fails is an outcome with what it said, and nothing is collected", async (under) => {
    const said: string[] = [];
    const outcome = await under.sandbox.run(stepSpec(under, contractScripts.fails), {
      onOutput: (text) => said.push(text),
      collect: () => assert.fail("nothing is collected of a step that fails"),
    });
    assert.ok(outcome.kind === "failed");
    assert.equal(outcome.reason.code, "step/exit");
    assert.equal(outcome.reason.subject, "step");
    assert.equal(outcome.output.head, "broken\n");
    assert.equal(said.join(""), "broken\n");
  });

  check("a step is ended at its deadline", async (under) => {
    const spec = stepSpec(under, contractScripts.stalls);
    const brief = { ...spec, limits: { ...spec.limits, deadlineSeconds: 1 } };
    const outcome = await under.sandbox.run(brief, { collect: nothing });
    assert.ok(outcome.kind === "failed");
    assert.equal(outcome.reason.code, "step/deadline");
  });

  check("a step that floods its output is ended, and only the ends of it are kept", async (under) => {
    const outcome = await under.sandbox.run(stepSpec(under, contractScripts.floods), { collect: nothing });
    assert.ok(outcome.kind === "failed");
    assert.equal(outcome.reason.code, "step/output-flood");
    assert.ok(outcome.output.head.length + outcome.output.tail.length <= 64 * 1024);
  });

  check("a drill is on record, and no drill passes for the real thing", async (under) => {
    const spec = stepSpec(under, contractScripts.writes, { withoutForDrill: ["seccomp", "pids-limit"] });
    const { isolation } = await under.sandbox.run(spec, { collect: nothing });
    assert.equal(isolation.level, "L0");
    assert.deepEqual(isolation.without, ["pids-limit", "seccomp"]);
  });

  check("what collecting throws is thrown, and the sandbox is gone all the same", async (under) => {
    const broken = new Error("the store is full");
    const spec = stepSpec(under, contractScripts.writes, { outputs: ["out"] });
    await assert.rejects(under.sandbox.run(spec, { collect: () => Promise.reject(broken) }), broken);
  });

  check("a workload runs until it is stopped, is known by its pid, and is not known after", async (under) => {
    const running = await under.sandbox.start(workloadSpec(under, contractScripts.serves));
    const seen = await under.sandbox.observe(running.pid);
    assert.equal(seen?.id, running.id);
    assert.equal(seen?.rootDigest, under.root.digest);
    assert.equal(seen?.name, "workload");
    assert.match(running.address, /^127\.0\.0\.1:\d+$/);
    await Promise.all([running.stop(), running.stop()]);
    await running.exited;
    assert.equal(await under.sandbox.observe(running.pid), undefined);
  });

  check("a process that is no workload's is not known", async (under) => {
    assert.equal(await under.sandbox.observe(process.pid), undefined);
  });

  check("a workload whose program is not there was not started", async (under) => {
    const spec = { ...workloadSpec(under, ""), command: ["custody-no-such-command"] as const };
    const start = under.sandbox.start(spec);
    await assert.rejects(start, (error) => findFaultCode(error) === "runtime/start-failed");
  });

  const unspecifiable: [string, Partial<StepSpec>][] = [
    [
      "an input that leads elsewhere",
      { inputs: { "../work": { digest: parseDigest(noDigest), place: "/" } } },
    ],
    ["a variable that is two", { environment: { "A=b\nB": "c" } }],
    ["a NUL in its command", { command: ["sh", "-c", "a\0b"] }],
    ["a working directory relative to nothing", { workingDirectory: "work" }],
  ];
  for (const [what, more] of unspecifiable) {
    check(`a step with ${what} is not run`, async (under) => {
      const run = under.sandbox.run(stepSpec(under, "true", more), { collect: nothing });
      await assert.rejects(run, (error) => findFaultCode(error) === "runtime/specification");
    });
  }
}
