import { findFaultCode } from "custody/ground";

import { runCommand } from "./command.ts";
import type { Feature } from "./features.ts";
import { findFeatures } from "./features.ts";

export type ToolName = keyof typeof tools;
type TestToolName = keyof typeof testTools;

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

/** What a server does without: the tests run all of it, and a command that runs one says so where it is missing. */
const testTools = {
  bwrap: {
    probe: ["bwrap", "--version"],
    package: "bubblewrap",
    usedFor: "inspections of in-toto layouts, without network",
  },
  chromium: {
    probe: ["chromium", "--version"],
    package: "chromium",
    usedFor: "driving the playground as a person does",
  },
} as const satisfies Record<string, Requirement>;

export interface Tool {
  readonly name: ToolName | TestToolName;
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
  return { root: isRoot(), tools: await findTools(tools), features: await findFeatures() };
}

/** What this host has of what only tests need. */
export async function findTestTools(): Promise<readonly Tool[]> {
  return findTools(testTools);
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function findTools(wanted: Readonly<Record<string, Requirement>>): Promise<Tool[]> {
  const entries = Object.entries(wanted) as [Tool["name"], Requirement][];
  return Promise.all(entries.map(([name, requirement]) => findTool(name, requirement)));
}

async function findTool(name: Tool["name"], requirement: Requirement): Promise<Tool> {
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
