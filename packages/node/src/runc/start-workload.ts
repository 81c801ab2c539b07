import { readFile } from "node:fs/promises";
import { once } from "node:events";
import type { Server } from "node:net";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { hasErrno } from "@custody/node/files";
import type { Instant } from "custody/ground";
import type { RunningSandbox, WorkloadExit, WorkloadSpec } from "custody/runtime";
import { runtimeFault } from "custody/runtime";

import type { OutputWatch } from "./output-watch.ts";
import { watchOutput } from "./output-watch.ts";
import type { PreparedSandbox } from "./prepare.ts";
import { prepareSandbox } from "./prepare.ts";
import type { RuncHost } from "./runc-host.ts";

const inboundSocket = "inbound.sock";
const maxConnections = 1024;
const startTimeoutMilliseconds = 15_000;
const pollMilliseconds = 5;

/** Starts a workload, as the port says (see {@link Sandbox.start}). */
export async function startWorkload(host: RuncHost, id: string, spec: WorkloadSpec): Promise<RunningSandbox> {
  await using cleanup = new AsyncDisposableStack();
  const sandbox = cleanup.use(
    await prepareSandbox(host, {
      kind: "workload",
      id,
      spec,
      trees: {},
      environment: spec.environment,
      forwards: [{ direction: "in", port: spec.port, socket: inboundSocket }],
    }),
  );
  const door = cleanup.adopt(await openDoor(sandbox.socketPath(inboundSocket)), (door) => door.close());
  const output = watchOutput(sandbox.output, { maxBytes: Infinity, onFlood: () => undefined });
  const startedAt = host.clock.now();
  sandbox.runProgram();
  const ended = waitForEnd(host, sandbox, output);
  const pid = await findProgram(host, sandbox, ended);
  const kept = cleanup.move();
  const exited = ended.finally(() => kept.disposeAsync());
  return {
    id,
    pid,
    startedAt,
    isolation: sandbox.isolation,
    address: door.address,
    exited,
    async stop() {
      sandbox.holder.kill();
      await exited;
    },
  };
}

async function waitForEnd(
  host: RuncHost,
  sandbox: PreparedSandbox,
  output: OutputWatch,
): Promise<WorkloadExit> {
  const reply = await sandbox.holder.nextReply();
  const at: Instant = host.clock.now();
  const outOfMemory = (await host.cgroups.countMemoryKills(sandbox.id)) > 0;
  sandbox.holder.kill();
  await output.ended();
  const exitCode = reply?.kind === "exited" ? reply.exitCode : undefined;
  return { at, exitCode, outOfMemory, output: output.summary() };
}

/** The pid of the workload's first process, once it runs the workload's program and no longer the runtime's. */
async function findProgram(
  host: RuncHost,
  sandbox: PreparedSandbox,
  ended: Promise<WorkloadExit>,
): Promise<number> {
  let exit: WorkloadExit | undefined;
  void ended.then((value) => (exit = value));
  for (let waited = 0; waited < startTimeoutMilliseconds; waited += pollMilliseconds) {
    for (const pid of await host.cgroups.findPids(sandbox.id)) {
      if (await isProgram(pid)) return pid;
    }
    if (exit !== undefined) throw startFault(await sandbox.readRuntimeLog(), exit);
    await sleep(pollMilliseconds);
  }
  throw runtimeFault("runtime/start-failed", "the workload did not start in time", { subject: sandbox.id });
}

// The first process of the sandbox is the runtime's own until it becomes the workload.
async function isProgram(pid: number): Promise<boolean> {
  try {
    const [command, status] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "latin1"),
      readFile(`/proc/${pid}/status`, "utf8"),
    ]);
    const innermostPid = /^NSpid:.*\s(\d+)$/m.exec(status)?.[1];
    return innermostPid === "1" && command !== "" && !command.startsWith("runc\0init\0");
  } catch (error) {
    if (hasErrno(error, "ENOENT", "ESRCH")) return false;
    throw error;
  }
}

function startFault(log: string, exit: WorkloadExit): Error {
  const said = log === "" ? `${exit.output.head}${exit.output.tail}`.slice(-600) : log;
  return runtimeFault("runtime/start-failed", `the workload ended at once with ${exit.exitCode}: ${said}`, {
    details: { exit },
  });
}

/** A port of the host's loopback that leads to a socket. */
async function openDoor(socketPath: string): Promise<{ address: string; close: () => Promise<void> }> {
  const server = createServer({ allowHalfOpen: true }, (outer) => {
    const inner = connect({ path: socketPath, allowHalfOpen: true });
    outer
      .on("error", () => inner.destroy())
      .on("close", () => inner.destroy())
      .pipe(inner);
    inner
      .on("error", () => outer.destroy())
      .on("close", () => outer.destroy())
      .pipe(outer);
  });
  server.maxConnections = maxConnections;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new TypeError("a TCP server has a port");
  return { address: `127.0.0.1:${bound.port}`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await closed;
}
