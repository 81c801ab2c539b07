import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, realpath, rm } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";

import { runCommandOrThrow } from "@custody/node/host";
import type { Clock } from "custody/ground";
import type {
  Architecture,
  ObservedProcess,
  RunningSandbox,
  Sandbox,
  SandboxOutcome,
  StepObserver,
  StepSpec,
  WorkloadSpec,
} from "custody/runtime";
import { checkSpecification, runtimeFault } from "custody/runtime";

import { Cgroups } from "./cgroups.ts";
import { IdBlocks } from "./id-blocks.ts";
import type { StartedWorkload } from "./observe.ts";
import { findStartTicks, observeProcess } from "./observe.ts";
import type { Dial } from "./proxy-address.ts";
import { dialPublic } from "./proxy-address.ts";
import { runStep } from "./run-step.ts";
import type { RuncHost } from "./runc-host.ts";
import { startWorkload } from "./start-workload.ts";

export interface RuncSandboxOptions {
  /** This adapter's own, on this machine; one process at a time. */
  readonly directory: string;
  readonly clock: Clock;
  /** How a step's proxy reaches a listed host; the public Internet unless given. */
  readonly dial?: Dial;
  /** What a drill without "signing-key" lets out, into that one sandbox. */
  readonly signingKeyFile?: string;
}

/** The {@link Sandbox} port over runc, for Linux with root, cgroups of version 1, 2 or both. */
export class RuncSandbox implements Sandbox, AsyncDisposable {
  readonly #host: RuncHost;
  readonly #workloads = new Map<string, StartedWorkload>();
  readonly #closing = new AbortController();

  private constructor(host: RuncHost) {
    this.#host = host;
  }

  /** Opens the state directory, and removes what a killed process has left of its sandboxes. */
  static async open(options: RuncSandboxOptions): Promise<RuncSandbox> {
    const host = await openHost(options);
    await reap(host);
    return new RuncSandbox(host);
  }

  async run<T>(spec: StepSpec, observer: StepObserver<T>): Promise<SandboxOutcome<T>> {
    checkSpecification(spec);
    return runStep(this.#host, this.#newId(), spec, { ...observer, signal: this.#closing.signal });
  }

  async start(spec: WorkloadSpec): Promise<RunningSandbox> {
    checkSpecification(spec);
    const running = await startWorkload(this.#host, this.#newId(), spec);
    const startTicks = (await findStartTicks(running.pid)) ?? "";
    this.#workloads.set(running.id, { name: spec.name, rootDigest: spec.root.digest, running, startTicks });
    void running.exited.then(() => this.#workloads.delete(running.id));
    return running;
  }

  async observe(pid: number): Promise<ObservedProcess | undefined> {
    return observeProcess(pid, this.#workloads);
  }

  /** Stops every workload and breaks off every step (`runtime/closed`); nothing can be started after. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#workloads.values()].map(({ running }) => running.stop()));
  }

  #newId(): string {
    if (this.#closing.signal.aborted) throw runtimeFault("runtime/closed", "the sandbox is closed");
    return `${this.#host.idPrefix}${randomBytes(6).toString("hex")}`;
  }
}

async function openHost(options: RuncSandboxOptions): Promise<RuncHost> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const directory = await realpath(options.directory);
  const owner = createHash("sha256").update(directory).digest();
  return {
    directory,
    idPrefix: `${owner.subarray(0, 5).toString("hex")}-`,
    cgroups: await Cgroups.open(),
    ids: new IdBlocks(owner.readUInt32BE(8), await readSubordinateIds()),
    clock: options.clock,
    dial: options.dial ?? dialPublic,
    signingKeyFile: options.signingKeyFile,
    architecture: findArchitecture(),
    runcVersion: await findRuncVersion(),
    kernel: release(),
  };
}

/** Removes control groups and directories of sandboxes that ended with a process which had no time to. */
async function reap(host: RuncHost): Promise<void> {
  for (const id of await host.cgroups.findIds(host.idPrefix)) await host.cgroups.remove(id);
  for (const name of await readdir(host.directory)) {
    if (name.startsWith(host.idPrefix))
      await rm(join(host.directory, name), { recursive: true, force: true });
  }
}

async function readSubordinateIds(): Promise<string> {
  const files = ["/etc/subuid", "/etc/subgid"].map((path) => readFile(path, "utf8").catch(() => ""));
  return (await Promise.all(files)).join("\n");
}

function findArchitecture(): Architecture {
  if (process.arch === "x64" || process.arch === "arm64") return process.arch;
  throw runtimeFault("runtime/start-failed", `there is no system call filter for ${process.arch}`);
}

async function findRuncVersion(): Promise<string> {
  const text = await runCommandOrThrow(["runc", "--version"], { timeoutSeconds: 10 });
  return /version (\S+)/.exec(text)?.[1] ?? "unknown";
}
