import type { Digest, Instant } from "custody/ground";
import type { TreeEntry } from "custody/tar";

import type { Isolation } from "./isolation.ts";
import type { OutputSummary, SandboxOutcome } from "./outcome.ts";
import type { StepSpec, WorkloadSpec } from "./specification.ts";

/** What the caller of a step hears while it runs, and does when it has ended well. */
export interface StepObserver<T> {
  /** Output as it comes, both streams together, each in its order; for showing, not for keeping. */
  readonly onOutput?: (text: string) => void;
  /**
   * Takes the outputs, sorted by path, when every process of the step has ended and nothing can change them any more.
   * Contents can be read until the returned promise settles.
   */
  readonly collect: (outputs: readonly TreeEntry[]) => Promise<T>;
}

/** A workload that runs. It ends with the process that started it, at the latest. */
export interface RunningSandbox {
  /** Of this run: no two runs have one. */
  readonly id: string;
  /** The workload's first process, as the host counts. */
  readonly pid: number;
  readonly startedAt: Instant;
  readonly isolation: Isolation;
  /** `127.0.0.1:PORT` of the host, forwarded to the workload's port; nothing else leads in, and nothing out. */
  readonly address: string;
  /** Settles when the workload has ended, however it ended; never rejects. */
  readonly exited: Promise<WorkloadExit>;
  /** Ends every process of the workload; returns when they are gone. Again is no fault. */
  stop(): Promise<void>;
}

export interface WorkloadExit {
  readonly at: Instant;
  /** 128 + signal when a signal ended it; undefined when it was stopped before it could say. */
  readonly exitCode: number | undefined;
  /** True when the memory limit ended one of its processes. */
  readonly outOfMemory: boolean;
  readonly output: OutputSummary;
}

/** What the host says of a process, now. */
export interface ObservedProcess {
  readonly pid: number;
  /** The {@link RunningSandbox.id} it belongs to. */
  readonly id: string;
  readonly name: string;
  /** Of the root file system that it was started from. */
  readonly rootDigest: Digest;
  readonly startedAt: Instant;
  /** The program file of the process, as seen from inside. */
  readonly executable: string;
}

/**
 * Runs programs apart from the host.
 *
 * Durability: none. Runs that a killed process leaves behind end with it, and what they leave on the host is removed
 * by the next adapter that opens the same state directory. Concurrency: calls are independent; an adapter may refuse
 * with `runtime/too-many-sandboxes`. Nobody retries: a step that failed is an outcome, and a fault
 * (`runtime/…`) means that it did not run, or that nobody can tell how it ended.
 *
 * Nothing of the caller's environment, open files or network reaches the inside. A specification that cannot be met as
 * a whole is a fault; no protection is ever left out silently.
 */
export interface Sandbox {
  /** Runs one step to its end. */
  run<T>(spec: StepSpec, observer: StepObserver<T>): Promise<SandboxOutcome<T>>;
  /** Starts a workload; returns when its first process runs, not when it answers. */
  start(spec: WorkloadSpec): Promise<RunningSandbox>;
  /** What is known of a process of a workload; undefined for any other process, one that reuses its pid included. */
  observe(pid: number): Promise<ObservedProcess | undefined>;
}
