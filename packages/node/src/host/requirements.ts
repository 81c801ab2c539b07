import { findFaultCode } from "custody/ground";

import { runCommand } from "./command.ts";
import type { Feature } from "./features.ts";
import { findFeatures } from "./features.ts";

export type ToolName = keyof typeof tools;

interface Requirement {
  /** What is run to see whether the tool is there and works. */
  readonly probe: readonly [string, ...string[]];
  /** The Debian package it comes in. */
  readonly package: string;
  /** What Custody does with it. */
  readonly usedFor: string;
}

/** Every program of the host that Custody runs; nothing else is run. */
export const tools = {
  git: { probe: ["git", "--version"], package: "git", usedFor: "reading repositories" },
  ssh: {
    probe: ["ssh", "-V"],
    package: "openssh-client",
    usedFor: "fetching over ssh; its ssh-keygen signs the example's commits",
  },
  runc: { probe: ["runc", "--version"], package: "runc", usedFor: "running steps and workloads" },
  mmdebstrap: { probe: ["mmdebstrap", "--version"], package: "mmdebstrap", usedFor: "building stemcells" },
  unshare: { probe: ["unshare", "--version"], package: "util-linux", usedFor: "private namespaces" },
  setpriv: {
    probe: ["setpriv", "--version"],
    package: "util-linux",
    usedFor: "ending children with the server",
  },
  mount: { probe: ["mount", "--version"], package: "mount", usedFor: "preparing sandboxes" },
  ip: { probe: ["ip", "-Version"], package: "iproute2", usedFor: "raising a sandbox's loopback" },
} as const satisfies Record<string, Requirement>;

export interface Tool {
  readonly name: ToolName;
  readonly package: string;
  readonly usedFor: string;
  /** As the tool says it; undefined when the tool is missing or does not run. */
  readonly version: string | undefined;
}

export interface HostReport {
  readonly root: boolean;
  readonly tools: readonly Tool[];
  readonly features: readonly Feature[];
}

/** What this host has of what Custody needs, found by running and trying it. */
export async function findRequirements(): Promise<HostReport> {
  const names = Object.keys(tools) as ToolName[];
  return {
    root: process.getuid?.() === 0,
    tools: await Promise.all(names.map(findTool)),
    features: await findFeatures(),
  };
}

async function findTool(name: ToolName): Promise<Tool> {
  const requirement = tools[name];
  return {
    name,
    package: requirement.package,
    usedFor: requirement.usedFor,
    version: await findVersion(requirement.probe),
  };
}

async function findVersion(probe: readonly [string, ...string[]]): Promise<string | undefined> {
  try {
    const result = await runCommand(probe, { timeoutSeconds: 10 });
    const version = /\d[\w.+~-]*/.exec(`${result.stdout} ${result.stderr}`)?.[0];
    return result.exitCode === 0 ? (version ?? "unknown") : undefined;
  } catch (error) {
    if (findFaultCode(error)?.startsWith("host/") === true) return undefined;
    throw error;
  }
}
