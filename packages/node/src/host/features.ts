import { readFile } from "node:fs/promises";

import { findFaultCode } from "custody/ground";

import { runCommand } from "./command.ts";

/** Something of the kernel that a sandbox cannot do without. */
export interface Feature {
  readonly name: "linux" | "user-namespaces" | "cgroups" | "seccomp";
  readonly available: boolean;
  /** One sentence: what was found, or why it cannot be used. */
  readonly detail: string;
}

const neededControllers = ["memory", "pids", "cpu"];

/** The kernel's part, tried rather than looked up where it can be. */
export async function findFeatures(): Promise<Feature[]> {
  if (process.platform !== "linux") {
    return [{ name: "linux", available: false, detail: `sandboxes need Linux; this is ${process.platform}` }];
  }
  return [await tryUserNamespaces(), await findCgroups(), await findSeccomp()];
}

async function tryUserNamespaces(): Promise<Feature> {
  const name = "user-namespaces";
  try {
    const result = await runCommand(["unshare", "--user", "--map-root-user", "true"], { timeoutSeconds: 10 });
    if (result.exitCode === 0) return { name, available: true, detail: "a user namespace can be made" };
    return { name, available: false, detail: `a user namespace cannot be made: ${result.stderr.trim()}` };
  } catch (error) {
    if (findFaultCode(error) !== "host/command-missing") throw error;
    return { name, available: false, detail: "not tried: unshare is missing" };
  }
}

async function findCgroups(): Promise<Feature> {
  const controllers = await findControllers();
  const missing = neededControllers.filter((controller) => !controllers.has(controller));
  if (missing.length === 0)
    return { name: "cgroups", available: true, detail: "memory, pids and cpu can be limited" };
  return {
    name: "cgroups",
    available: false,
    detail: `no cgroup controller is mounted for ${missing.join(", ")}`,
  };
}

// Version 1 names its controllers in the mount's options, version 2 in a file at the mount's top.
async function findControllers(): Promise<Set<string>> {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" "));
  const words: string[] = [];
  for (const [, mountPoint = "", type, options = ""] of mounts) {
    if (type === "cgroup") words.push(...options.split(","));
    if (type === "cgroup2")
      words.push(...(await readOr(`${mountPoint}/cgroup.controllers`, "")).trim().split(" "));
  }
  return new Set(words);
}

async function findSeccomp(): Promise<Feature> {
  const filters = await readOr("/proc/sys/kernel/seccomp/actions_avail", "");
  const available = filters.split(/\s/).includes("errno");
  return {
    name: "seccomp",
    available,
    detail: available ? "system calls can be filtered" : "the kernel has no seccomp filters",
  };
}

async function readOr(path: string, otherwise: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return otherwise;
  }
}
