import type { Clock } from "custody/ground";
import { parseDigest, utf8 } from "custody/ground";
import { comparePaths } from "custody/tar";
import type { TreeEntry } from "custody/tar";

import { checkSpecification } from "./check-specification.ts";
import { runtimeFault } from "./faults.ts";
import type { Isolation } from "./isolation.ts";
import { isolationLevelOf } from "./isolation.ts";
import type { SandboxOutcome, StepReasonCode } from "./outcome.ts";
import type { ObservedProcess, RunningSandbox, Sandbox, StepObserver, WorkloadExit } from "./sandbox.ts";
import type { SandboxSpec, StepSpec, WorkloadSpec } from "./specification.ts";

/** What a program comes to, in a sandbox where nothing really runs. */
export interface MemoryRun {
  readonly exitCode: number;
  readonly output?: string;
  /** What it leaves below /work: content by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Set when it went beyond a limit. */
  readonly stopped?: StepReasonCode;
}

/** A program by the last word of its command; for a step, that is its script. */
export type MemoryPrograms = Readonly<Record<string, (spec: StepSpec | WorkloadSpec) => MemoryRun>>;

/** A {@link Sandbox} without an inside, for tests of what uses one: programs are functions. */
export class MemorySandbox implements Sandbox {
  readonly #clock: Clock;
  readonly #programs: MemoryPrograms;
  readonly #running = new Map<number, { spec: WorkloadSpec; running: RunningSandbox }>();
  #pid = 1000;

  constructor(clock: Clock, programs: MemoryPrograms) {
    this.#clock = clock;
    this.#programs = programs;
  }

  async run<T>(spec: StepSpec, observer: StepObserver<T>): Promise<SandboxOutcome<T>> {
    checkSpecification(spec);
    const startedAt = this.#clock.now();
    const { exitCode, output = "", files = {}, stopped } = this.#find(spec)(spec);
    if (output !== "") observer.onOutput?.(output);
    const report = () => ({
      startedAt,
      finishedAt: this.#clock.now(),
      isolation: isolationOf(spec),
      network: [],
      output: { head: output, tail: "", totalBytes: utf8(output).length },
    });
    const fail = (code: StepReasonCode, message: string): SandboxOutcome<T> => ({
      kind: "failed",
      reason: { code, subject: spec.name, message },
      ...report(),
    });
    if (stopped !== undefined) return fail(stopped, "it went beyond a limit");
    if (exitCode !== 0)
      return fail(exitCode > 128 ? "step/killed" : "step/exit", `it ended with ${exitCode}`);
    const outputs = findOutputs(spec, files);
    if (outputs === undefined) return fail("step/output-refused", "an output is missing");
    return { kind: "succeeded", ...report(), collected: await observer.collect(outputs) };
  }

  async start(spec: WorkloadSpec): Promise<RunningSandbox> {
    checkSpecification(spec);
    const { exitCode } = this.#find(spec)(spec);
    if (exitCode !== 0)
      throw runtimeFault("runtime/start-failed", `the workload ended at once with ${exitCode}`);
    const pid = this.#pid++;
    const end = Promise.withResolvers<WorkloadExit>();
    const running: RunningSandbox = {
      id: `memory-${pid}`,
      pid,
      startedAt: this.#clock.now(),
      isolation: isolationOf(spec),
      address: `127.0.0.1:${pid}`,
      exited: end.promise,
      stop: async () => {
        this.#running.delete(pid);
        const output = { head: "", tail: "", totalBytes: 0 };
        end.resolve({ at: this.#clock.now(), exitCode: undefined, outOfMemory: false, output });
      },
    };
    this.#running.set(pid, { spec, running });
    return running;
  }

  async observe(pid: number): Promise<ObservedProcess | undefined> {
    const found = this.#running.get(pid);
    if (found === undefined) return undefined;
    const { spec, running } = found;
    return {
      pid,
      id: running.id,
      name: spec.name,
      rootDigest: spec.root.digest,
      startedAt: running.startedAt,
      executable: spec.command[0],
    };
  }

  #find(spec: StepSpec | WorkloadSpec): (spec: StepSpec | WorkloadSpec) => MemoryRun {
    return (
      this.#programs[spec.command.at(-1) ?? ""] ?? (() => ({ exitCode: 127, output: "no such program\n" }))
    );
  }
}

function findOutputs(spec: StepSpec, files: Readonly<Record<string, string>>): TreeEntry[] | undefined {
  const paths = Object.keys(files).sort(comparePaths);
  const isBelow = (output: string) => (path: string) => path === output || path.startsWith(`${output}/`);
  if (spec.outputs.some((output) => !paths.some(isBelow(output)))) return undefined;
  return paths
    .filter((path) => spec.outputs.some((output) => isBelow(output)(path)))
    .map((path) => fileOf(path, utf8(files[path] ?? "")));
}

function fileOf(path: string, content: Uint8Array): TreeEntry {
  return {
    kind: "file",
    path,
    mode: 0o755,
    sizeBytes: content.length,
    async *content() {
      yield content;
    },
  };
}

function isolationOf({ withoutForDrill = [] }: Pick<SandboxSpec, "withoutForDrill">): Isolation {
  const without = [...withoutForDrill].sort();
  return {
    level: isolationLevelOf(without),
    without,
    runtime: { name: "memory", version: "1" },
    profileDigest: parseDigest(`sha256:${"0".repeat(64)}`),
    kernel: "none",
  };
}
