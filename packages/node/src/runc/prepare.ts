import { constants, openSync } from "node:fs";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";

import { nodeCrypto } from "@custody/node/crypto";
import { canonicalJson, digestOf } from "custody/ground";
import type { Isolation, PlacedTree, Profile, Protection, SandboxLimits, SandboxSpec } from "custody/runtime";
import { isolationLevelOf, planProfile, planRuntimeConfig } from "custody/runtime";

import { cgroupParent } from "./cgroups.ts";
import { HolderProcess } from "./holder-process.ts";
import type { Forward } from "./holder-protocol.ts";
import { checkMountPoints } from "./preflight.ts";
import type { RuncHost } from "./runc-host.ts";
import type { Stage } from "./stage.ts";
import { findStagePlace, planStage } from "./stage.ts";

export interface SandboxOptions {
  readonly kind: "step" | "workload";
  readonly id: string;
  readonly spec: Omit<SandboxSpec, "limits"> & {
    readonly limits: Pick<SandboxLimits, "memoryBytes" | "cpus" | "pids">;
  };
  /** Size of /work; without it there is none. */
  readonly workBytes?: number;
  /** Trees by where they appear inside, read-only. */
  readonly trees: Readonly<Record<string, PlacedTree>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly forwards: readonly Forward[];
}

/** A sandbox in which everything is in place but the program. Disposing of it ends it and removes every trace. */
export interface PreparedSandbox extends AsyncDisposable {
  readonly id: string;
  readonly holder: HolderProcess;
  readonly isolation: Isolation;
  /** Path by which this process opens sockets of the sandbox's directory, however long that directory's path is. */
  socketPath(name: string): string;
  /** Where this process sees /work. */
  readonly workPath: string;
  /** What the program writes, standard output and standard error in one; ends when nobody can write any more. */
  readonly output: Readable;
  /** Starts the program; the holder replies when it has ended. */
  runProgram(): void;
  /** What the runtime itself had to say: why the program did not start. */
  readRuntimeLog(): Promise<string>;
}

const temporaryBytes = 64 * 1024 * 1024;
const maxLogBytes = 64 * 1024;

/** @throws CustodyError `runtime/…`; nothing is left behind then. */
export async function prepareSandbox(host: RuncHost, options: SandboxOptions): Promise<PreparedSandbox> {
  await checkMountPoints(options.spec.root.place, mountPointsOf(options));
  const without = [...(options.spec.withoutForDrill ?? [])].sort();
  await using cleanup = new AsyncDisposableStack();
  const firstId = takeIds(host, without, cleanup);
  const stage = await planStageOf(host, options, { without, firstId });
  const profile = planProfile({ kind: options.kind, architecture: host.architecture, without });
  const directory = await makeDirectory(host, options.id, cleanup);
  const handle = cleanup.use(await open(directory));
  cleanup.defer(() => host.cgroups.remove(options.id));
  const holder = startHolder(directory, without, cleanup);
  const config = planConfig(options, { stage, profile, firstId, without });
  await holder.ask({
    kind: "prepare",
    ...stage,
    files: { "bundle/config.json": JSON.stringify(config) },
    raiseLoopback: !without.includes("network"),
    forwards: options.forwards,
  });
  const view = `/proc/${await holder.findFirstPid()}/root`;
  const kept = cleanup.move();
  return {
    id: options.id,
    holder,
    isolation: isolationOf(host, profile, without),
    workPath: join(view, stage.workPath),
    output: openOutput(join(view, stage.stage, stage.output.path)),
    socketPath: (name) => `/proc/self/fd/${handle.fd}/${name}`,
    runProgram: () => holder.tell({ kind: "run", command: "runc", args: runcArguments(stage, options.id) }),
    readRuntimeLog: () => readLog(join(view, stage.stage, "runc.log")),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

interface Planned {
  readonly stage: Stage;
  readonly profile: Profile;
  readonly firstId: number;
  readonly without: readonly Protection[];
}

function mountPointsOf(options: SandboxOptions): string[] {
  const tops = Object.keys(options.trees).map((path) => (path.startsWith("/inputs/") ? "/inputs" : path));
  return ["/dev", "/proc", "/tmp", ...(options.workBytes === undefined ? [] : ["/work"]), ...new Set(tops)];
}

function takeIds(host: RuncHost, without: readonly Protection[], cleanup: AsyncDisposableStack): number {
  if (without.includes("user-namespace")) return 0;
  return cleanup.adopt(host.ids.take(), (firstId) => host.ids.release(firstId));
}

async function makeDirectory(host: RuncHost, id: string, cleanup: AsyncDisposableStack): Promise<string> {
  const directory = join(host.directory, id);
  await mkdir(directory, { mode: 0o700 });
  return cleanup.adopt(directory, (path) => rm(path, { recursive: true, force: true }));
}

function startHolder(
  directory: string,
  without: readonly Protection[],
  cleanup: AsyncDisposableStack,
): HolderProcess {
  const holder = HolderProcess.start({ directory, ownNetwork: !without.includes("network") });
  return cleanup.adopt(holder, async (holder) => {
    holder.kill();
    await holder.gone;
  });
}

async function planStageOf(
  host: RuncHost,
  options: SandboxOptions,
  { without, firstId }: Pick<Planned, "without" | "firstId">,
): Promise<Stage> {
  const { root } = options.spec;
  const sources = [root, ...Object.values(options.trees)].map((tree) => tree.place);
  return planStage({
    place: await findStagePlace(sources),
    root,
    trees: options.trees,
    workBytes: options.workBytes,
    firstId,
    without,
    signingKeyFile: host.signingKeyFile,
  });
}

function planConfig(options: SandboxOptions, { stage, profile, firstId, without }: Planned): object {
  return planRuntimeConfig({
    kind: options.kind,
    profile,
    without,
    rootPath: stage.rootPath,
    binds: stage.binds,
    command: options.spec.command,
    environment: options.environment,
    workingDirectory: options.spec.workingDirectory,
    firstId,
    cgroupsPath: `/${cgroupParent}/${options.id}`,
    limits: options.spec.limits,
    temporaryBytes,
  });
}

function isolationOf(host: RuncHost, profile: Profile, without: readonly Protection[]): Isolation {
  return {
    level: isolationLevelOf(without),
    without,
    runtime: { name: "runc", version: host.runcVersion },
    profileDigest: digestOf(nodeCrypto, canonicalJson(profile)),
    kernel: host.kernel,
  };
}

// Not a file stream: that would hold a thread of the pool for as long as the sandbox is silent.
function openOutput(path: string): Readable {
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
}

// --keep: the control group stays when the program has ended, so that its counters can be read.
function runcArguments(stage: Stage, id: string): string[] {
  const at = (path: string) => join(stage.stage, path);
  const log = ["--log", at("runc.log"), "--log-format", "json"];
  return ["--root", at("runc"), ...log, "run", "--keep", "--bundle", at("bundle"), id];
}

async function readLog(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text.slice(0, maxLogBytes).split("\n");
  return lines
    .flatMap((line) => /"msg":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? [])
    .join("; ")
    .slice(0, 1000);
}
