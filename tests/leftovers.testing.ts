import { createHash } from "node:crypto";
import { globSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** A process that cannot be mistaken for a later one with its id. */
export interface KnownProcess {
  readonly pid: number;
  readonly startTicks: string;
  readonly command: string;
}

/** Every process below this one. */
export function findDescendants(pid: number): KnownProcess[] {
  const children = globSync(`/proc/${pid}/task/*/children`).flatMap((path) =>
    read(path).trim().split(" ").filter(Boolean),
  );
  return children.flatMap((child) => [describe(Number(child)), ...findDescendants(Number(child))]);
}

export function isAlive({ pid, startTicks }: KnownProcess): boolean {
  const stat = read(`/proc/${pid}/stat`);
  const state = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[0];
  return stat !== "" && state !== "Z" && describe(pid).startTicks === startTicks;
}

function describe(pid: number): KnownProcess {
  const stat = read(`/proc/${pid}/stat`);
  const startTicks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  return { pid, startTicks, command: read(`/proc/${pid}/cmdline`).replaceAll("\0", " ") };
}

/** Mounts of this process's namespace that lie below a directory. */
export function findMounts(directory: string): string[] {
  const mounts = read("/proc/self/mounts").split("\n");
  return mounts.filter((line) => line.split(" ")[1]?.startsWith(realpathSync(directory)));
}

/** Names of the control groups that the sandboxes of a server's directory have. */
export function findCgroups(directory: string): string[] {
  const owner = createHash("sha256")
    .update(realpathSync(join(directory, "sandboxes")))
    .digest("hex")
    .slice(0, 10);
  const found = globSync([`/sys/fs/cgroup/custody/${owner}-*`, `/sys/fs/cgroup/*/custody/${owner}-*`]);
  return [...new Set(found.map((path) => path.split("/").at(-1) ?? ""))];
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
