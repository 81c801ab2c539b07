import { collectOutputs } from "@custody/node/trees";
import { CustodyError } from "custody/ground";
import type { Instant } from "custody/ground";
import type {
  NetworkRecord,
  SandboxOutcome,
  StepFailure,
  StepObserver,
  StepReasonCode,
  StepSpec,
} from "custody/runtime";
import { runtimeFault } from "custody/runtime";
import { comparePaths } from "custody/tar";
import type { TreeEntry } from "custody/tar";

import { watchOutput } from "./output-watch.ts";
import type { PreparedSandbox } from "./prepare.ts";
import { prepareSandbox } from "./prepare.ts";
import { Proxy, proxyPort } from "./proxy.ts";
import type { RuncHost } from "./runc-host.ts";

const proxySocket = "proxy.sock";
const maxOutputFiles = 50_000;

/** Runs one step to its end, as the port says (see {@link Sandbox.run}). */
export async function runStep<T>(
  host: RuncHost,
  id: string,
  spec: StepSpec,
  observer: AbortableObserver<T>,
): Promise<SandboxOutcome<T>> {
  await using sandbox = await prepareSandbox(host, {
    kind: "step",
    id,
    spec,
    workBytes: spec.limits.workBytes,
    trees: treesOf(spec),
    environment: environmentOf(spec),
    forwards:
      spec.networkHosts.length === 0 ? [] : [{ direction: "out", port: proxyPort, socket: proxySocket }],
  });
  const proxy = new Proxy(spec.networkHosts, host.dial);
  if (spec.networkHosts.length > 0) await proxy.listen(sandbox.socketPath(proxySocket));
  try {
    return await runPrepared(host, sandbox, { spec, observer, network: proxy.records });
  } finally {
    proxy.close();
  }
}

/** What hears of a step, and can break it off: that is a fault, `runtime/closed`, and no outcome. */
export interface AbortableObserver<T> extends StepObserver<T> {
  readonly signal: AbortSignal;
}

interface StepRun<T> {
  readonly spec: StepSpec;
  readonly observer: AbortableObserver<T>;
  readonly network: readonly NetworkRecord[];
}

async function runPrepared<T>(
  host: RuncHost,
  sandbox: PreparedSandbox,
  { spec, observer, network }: StepRun<T>,
): Promise<SandboxOutcome<T>> {
  const startedAt: Instant = host.clock.now();
  const stop = new StopReason(sandbox, spec);
  const output = watchOutput(sandbox.output, {
    maxBytes: spec.limits.outputBytes,
    onFlood: () =>
      stop.give("step/output-flood", `it wrote more than ${spec.limits.outputBytes} bytes of output`),
    ...(observer.onOutput ? { onOutput: observer.onOutput } : {}),
  });
  const end = (): void => sandbox.holder.kill();
  observer.signal.addEventListener("abort", end, { once: true });
  const exitCode = await runProgram(sandbox, spec, stop).finally(() => {
    observer.signal.removeEventListener("abort", end);
    if (observer.signal.aborted) throw runtimeFault("runtime/closed", "the step was broken off");
  });
  await output.ended();
  const failure = stop.reason ?? (await findFailure(host, sandbox, spec, exitCode));
  const report = () => ({
    startedAt,
    finishedAt: host.clock.now(),
    isolation: sandbox.isolation,
    network: [...network],
    output: output.summary(),
  });
  if (failure !== undefined) return { kind: "failed", reason: failure, ...report() };
  const outputs = await findOutputs(sandbox, spec);
  if ("code" in outputs) return { kind: "failed", reason: outputs, ...report() };
  return { kind: "succeeded", ...report(), collected: await observer.collect(outputs) };
}

type Failure = StepFailure["reason"];

/** Why this side ended the step, the first reason counts. */
class StopReason {
  readonly #sandbox: PreparedSandbox;
  readonly #spec: StepSpec;
  reason: Failure | undefined;

  constructor(sandbox: PreparedSandbox, spec: StepSpec) {
    this.#sandbox = sandbox;
    this.#spec = spec;
  }

  give(code: StepReasonCode, message: string): void {
    this.reason ??= failureOf(this.#spec, code, message);
    this.#sandbox.holder.kill();
  }
}

async function runProgram(
  sandbox: PreparedSandbox,
  spec: StepSpec,
  stop: StopReason,
): Promise<number | undefined> {
  const { deadlineSeconds } = spec.limits;
  const deadline = setTimeout(
    () => stop.give("step/deadline", `it did not end in ${deadlineSeconds} seconds`),
    deadlineSeconds * 1000,
  );
  try {
    sandbox.runProgram();
    const reply = await sandbox.holder.nextReply();
    if (reply?.kind === "exited") return reply.exitCode;
    if (stop.reason === undefined)
      throw runtimeFault("runtime/start-failed", "the sandbox ended without a word");
    return undefined;
  } finally {
    clearTimeout(deadline);
  }
}

async function findFailure(
  host: RuncHost,
  sandbox: PreparedSandbox,
  spec: StepSpec,
  exitCode: number | undefined,
): Promise<Failure | undefined> {
  if (exitCode === 0) return undefined;
  if ((await host.cgroups.countMemoryKills(sandbox.id)) > 0) {
    return failureOf(spec, "step/memory", `it needed more than ${spec.limits.memoryBytes} bytes of memory`);
  }
  const log = await sandbox.readRuntimeLog();
  if (log.includes("exec: "))
    return failureOf(spec, "step/start", `its command could not be started: ${log}`);
  if (log.includes("runc run failed"))
    throw runtimeFault("runtime/start-failed", `runc could not start it: ${log}`);
  if (exitCode === undefined || exitCode > 128)
    return failureOf(spec, "step/killed", `it ended with ${exitCode}`);
  return failureOf(spec, "step/exit", `it ended with ${exitCode}`);
}

async function findOutputs(
  sandbox: PreparedSandbox,
  spec: StepSpec,
): Promise<readonly TreeEntry[] | Failure> {
  try {
    const limits = { maxFiles: maxOutputFiles, maxTotalBytes: spec.limits.workBytes };
    const entries = await collectOutputs(sandbox.workPath, spec.outputs, limits);
    return entries.sort((a, b) => comparePaths(a.path, b.path));
  } catch (error) {
    if (!(error instanceof CustodyError) || !/^(trees|tar)\//.test(error.code)) throw error;
    return failureOf(spec, "step/output-refused", `${error.message} (${error.code})`);
  }
}

function failureOf(spec: StepSpec, code: StepReasonCode, message: string): Failure {
  return { code, subject: spec.name, message };
}

function treesOf(spec: StepSpec): SandboxTrees {
  const inputs = Object.entries(spec.inputs).map(([name, tree]) => [`/inputs/${name}`, tree] as const);
  return { "/source": spec.source, ...Object.fromEntries(inputs) };
}

type SandboxTrees = Readonly<Record<string, StepSpec["source"]>>;

function environmentOf(spec: StepSpec): Readonly<Record<string, string>> {
  if (spec.networkHosts.length === 0) return spec.environment;
  const proxy = `http://127.0.0.1:${proxyPort}`;
  return {
    ...spec.environment,
    http_proxy: proxy,
    https_proxy: proxy,
    HTTPS_PROXY: proxy,
    no_proxy: "localhost,127.0.0.1",
  };
}
