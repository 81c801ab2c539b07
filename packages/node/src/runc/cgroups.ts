import { readdir, readFile, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { hasErrno } from "@custody/node/files";

/** Where all sandboxes' control groups lie, in every hierarchy. */
export const cgroupParent = "custody";

const removalAttempts = 100;
const removalPauseMilliseconds = 20;

/** The control group hierarchies of this host: one of version 2, or several of version 1, or both. */
export class Cgroups {
  readonly #mountPoints: readonly string[];

  private constructor(mountPoints: readonly string[]) {
    this.#mountPoints = mountPoints;
  }

  static async open(): Promise<Cgroups> {
    const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" "));
    const points = mounts
      .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
      .map(([, point]) => point ?? "");
    return new Cgroups([...new Set(points)]);
  }

  /** Every process of a sandbox, as this process counts them. */
  async findPids(id: string): Promise<number[]> {
    const found = await Promise.all(
      this.#directoriesOf(id).map(async (path) => readLines(join(path, "cgroup.procs"))),
    );
    return [...new Set(found.flat().map(Number))].filter((pid) => pid > 0);
  }

  /** How many processes of a sandbox the memory limit has killed. */
  async countMemoryKills(id: string): Promise<number> {
    const files = ["memory.events", "memory.oom_control"];
    const paths = this.#directoriesOf(id).flatMap((path) => files.map((file) => join(path, file)));
    const lines = (await Promise.all(paths.map(readLines))).flat();
    const kills = lines
      .filter((line) => line.startsWith("oom_kill "))
      .map((line) => Number(line.split(" ")[1]));
    return Math.max(0, ...kills);
  }

  /** The sandboxes of one owner that have a control group. */
  async findIds(prefix: string): Promise<string[]> {
    const parents = this.#mountPoints.map((point) => join(point, cgroupParent));
    const names = (await Promise.all(parents.map(listDirectory))).flat();
    return [...new Set(names)].filter((name) => name.startsWith(prefix));
  }

  /** Kills what is left of a sandbox and removes its control groups. */
  async remove(id: string): Promise<void> {
    for (const pid of await this.findPids(id)) killProcess(pid);
    for (const path of this.#directoriesOf(id)) await removeEmpty(path);
  }

  #directoriesOf(id: string): string[] {
    return this.#mountPoints.map((point) => join(point, cgroupParent, id));
  }
}

// A process that was killed stays in its group until the kernel has taken it apart.
async function removeEmpty(path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rmdir(path);
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return;
      if (!hasErrno(error, "EBUSY") || attempt === removalAttempts) throw error;
      await sleep(removalPauseMilliseconds);
    }
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!hasErrno(error, "ESRCH")) throw error;
  }
}

async function readLines(path: string): Promise<string[]> {
  try {
    return (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  } catch (error) {
    if (hasErrno(error, "ENOENT", "ENODEV", "EOPNOTSUPP")) return [];
    throw error;
  }
}

async function listDirectory(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  }
}
