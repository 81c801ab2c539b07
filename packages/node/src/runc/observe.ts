import { readFile, readlink } from "node:fs/promises";

import { hasErrno } from "@custody/node/files";
import type { Digest } from "custody/ground";
import type { ObservedProcess, RunningSandbox } from "custody/runtime";

import { cgroupParent } from "./cgroups.ts";

/** What is remembered of a workload that was started, to know its processes by. */
export interface StartedWorkload {
  readonly name: string;
  readonly rootDigest: Digest;
  readonly running: RunningSandbox;
  /** When its first process was started, in the kernel's ticks since boot: a pid comes again, the two together do not. */
  readonly startTicks: string;
}

/** Start time of a process, in clock ticks since boot (proc(5), stat field 22); undefined when it is gone. */
export async function findStartTicks(pid: number): Promise<string | undefined> {
  const stat = await readProcess(() => readFile(`/proc/${pid}/stat`, "utf8"));
  // The second field, the command's name, is in brackets and may hold spaces and brackets itself.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

/** What the kernel says of a process of one of these workloads; undefined for any other process. */
export async function observeProcess(
  pid: number,
  workloads: ReadonlyMap<string, StartedWorkload>,
): Promise<ObservedProcess | undefined> {
  const groups = await readProcess(() => readFile(`/proc/${pid}/cgroup`, "utf8"));
  const id = new RegExp(`/${cgroupParent}/([^/\n]+)`).exec(groups ?? "")?.[1];
  const workload = id === undefined ? undefined : workloads.get(id);
  if (workload === undefined || (await findStartTicks(workload.running.pid)) !== workload.startTicks)
    return undefined;
  const executable = await readProcess(() => readlink(`/proc/${pid}/exe`));
  if (executable === undefined) return undefined;
  const { running, name, rootDigest } = workload;
  return { pid, id: running.id, name, rootDigest, startedAt: running.startedAt, executable };
}

async function readProcess(read: () => Promise<string>): Promise<string | undefined> {
  try {
    return await read();
  } catch (error) {
    if (hasErrno(error, "ENOENT", "ESRCH")) return undefined;
    throw error;
  }
}
