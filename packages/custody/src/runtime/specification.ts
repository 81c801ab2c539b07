import type { Digest } from "custody/ground";

import type { Protection } from "./protection.ts";

/** A tree that lies unpacked where the sandbox can read it; who placed it knows that it has this digest. */
export interface PlacedTree {
  readonly digest: Digest;
  /** Absolute path on the machine that runs the sandbox. */
  readonly place: string;
}

export interface SandboxLimits {
  /** Swap counted. What is written to /work and /tmp is memory too. */
  readonly memoryBytes: number;
  /** Processors, fractions allowed. */
  readonly cpus: number;
  /** Processes and threads at one time. */
  readonly pids: number;
  /** What /work holds. */
  readonly workBytes: number;
  /** What both output streams carry before the step is ended. */
  readonly outputBytes: number;
  readonly deadlineSeconds: number;
}

/** What every sandbox is told; nothing of the host's environment reaches it besides. */
export interface SandboxSpec {
  /** For people: the step's or the workload's name. */
  readonly name: string;
  /** The root file system; it has real directories /dev, /proc, /tmp and, for steps, /work, /source and /inputs. */
  readonly root: PlacedTree;
  /** Found through PATH inside when it has no slash. */
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly limits: SandboxLimits;
  /** For drills only, to show that a protection is what holds an attack back; the outcome records it. */
  readonly withoutForDrill?: readonly Protection[];
}

export interface StepSpec extends SandboxSpec {
  /** Mounted read-only at /source. */
  readonly source: PlacedTree;
  /** Mounted read-only at /inputs/NAME. */
  readonly inputs: Readonly<Record<string, PlacedTree>>;
  /** Paths below /work that the step must leave behind: files, or directories with all that is in them. */
  readonly outputs: readonly string[];
  /** `host:port`, matched exactly. Everything else is out of reach. */
  readonly networkHosts: readonly string[];
}

export interface WorkloadSpec extends Omit<SandboxSpec, "limits"> {
  readonly limits: Pick<SandboxLimits, "memoryBytes" | "cpus" | "pids">;
  /** The TCP port it listens on, on 127.0.0.1 or all addresses of its own network. */
  readonly port: number;
}
