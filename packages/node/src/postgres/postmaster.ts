import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { ChildOutput } from "./child-output.ts";
import { noTools } from "./cluster.ts";
import { faultOf, postgresFault } from "./faults.ts";
import type { Launcher } from "./launcher.ts";
import { launcherFor } from "./launcher.ts";
import type { Places } from "./places.ts";

/** One run of PostgreSQL, from its start to its end. */
export interface Postmaster {
  readonly pid: number;
  /** Settles when the process has ended. */
  readonly ended: Promise<void>;
  /** Ends it: its sessions are broken off, the files closed in order. */
  stop(): Promise<void>;
}

/** How `pg` connects to it: over its socket, as the one role there is. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export function connectionOf(places: Places): Connection {
  return { host: places.socket, port: 5432, user: "custody", database: "postgres" };
}

// One developer's machine: small memory, no parallel workers; everything that durability needs stays on.
const settings = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "60",
  shared_buffers: "64MB",
  work_mem: "4MB",
  maintenance_work_mem: "32MB",
  max_wal_size: "512MB",
  min_wal_size: "64MB",
  max_parallel_workers_per_gather: "0",
  io_method: "sync",
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  restart_after_crash: "on",
  log_min_messages: "warning",
  log_timezone: "UTC",
  timezone: "UTC",
};

function argumentsFor({ places }: Launcher): string[] {
  const files = {
    hba_file: `${places.conf}/pg_hba.conf`,
    ident_file: `${places.conf}/pg_ident.conf`,
    unix_socket_directories: places.socket,
  };
  const options = Object.entries({ ...settings, ...files }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  return ["-D", places.data, ...options];
}

/**
 * Starts PostgreSQL on its files and returns when it answers.
 *
 * @throws CustodyError `postgres/start`, with its last words, when it ends instead.
 */
export async function startPostmaster(places: Places): Promise<Postmaster> {
  const launcher = launcherFor(places);
  const child = launcher.launch("postgres", argumentsFor(launcher));
  const output = new ChildOutput(child);
  const ended = once(child, "exit").then(() => undefined);
  ended.catch(() => undefined);
  await awaitAnswer(places, child, output);
  return { pid: child.pid ?? 0, ended, stop: () => stopChild(child, ended) };
}

const startMilliseconds = 300_000;
const pollMilliseconds = 25;

// Recovery after a crash can take minutes; a process that ended will never answer.
async function awaitAnswer(places: Places, child: ChildProcess, output: ChildOutput): Promise<void> {
  const spawnError = once(child, "spawn").then(() => undefined, noTools);
  const error = await spawnError;
  if (error) throw error;
  for (let waited = 0; waited < startMilliseconds; waited += pollMilliseconds) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (await answers(places)) return;
    await sleep(pollMilliseconds);
  }
  child.kill("SIGQUIT");
  throw postgresFault("postgres/start", "PostgreSQL did not start", {
    subject: places.data,
    next: "read its last lines in the details; --database postgres://… uses a PostgreSQL of your own",
    details: { output: output.lines },
  });
}

async function answers(places: Places): Promise<boolean> {
  const client = new Client({ ...connectionOf(places), connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    const fault = faultOf(error);
    if (fault.code !== "postgres/unavailable") throw fault;
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const stopSteps: readonly (readonly [NodeJS.Signals, number])[] = [
  ["SIGINT", 20_000],
  ["SIGQUIT", 5_000],
  ["SIGKILL", 5_000],
];

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  for (const [signal, milliseconds] of stopSteps) {
    child.kill(signal);
    const timer = new AbortController();
    const timeout = sleep(milliseconds, "late", { signal: timer.signal, ref: false }).catch(() => undefined);
    const outcome = await Promise.race([ended, timeout]);
    timer.abort();
    if (outcome !== "late") return;
  }
}
