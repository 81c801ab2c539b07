import type { Digest, Instant, Reason } from "custody/ground";

import type { Isolation } from "./isolation.ts";

/** The beginning and the end of what a step wrote to its output streams, and how much there was of it. */
export interface OutputSummary {
  readonly head: string;
  /** Empty when everything is in `head`. */
  readonly tail: string;
  readonly totalBytes: number;
}

/** One request that a step made of the outside. */
export interface NetworkRecord {
  /** `host:port` as the step asked for it. */
  readonly host: string;
  readonly decision: "allowed" | "refused";
  /** Why: `network/allowed`, `network/not-listed`, `network/private-address`, `network/unreachable` … */
  readonly reason: string;
  /** Of the answer, for plain HTTP; undefined for a tunnel, which cannot be read. */
  readonly status: number | undefined;
  /** Bytes that came back. */
  readonly bytes: number;
  /** Of the answer's body, for plain HTTP that ended well. */
  readonly digest: Digest | undefined;
}

/** Why a step failed: it went beyond a limit, ended badly, or did not leave what it promised. */
export type StepReasonCode =
  | "step/exit"
  | "step/killed"
  | "step/start"
  | "step/deadline"
  | "step/memory"
  | "step/output-flood"
  | "step/output-refused";

interface SandboxReport {
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly isolation: Isolation;
  readonly network: readonly NetworkRecord[];
  readonly output: OutputSummary;
}

export interface StepSuccess<T> extends SandboxReport {
  readonly kind: "succeeded";
  /** What collecting the outputs came to. */
  readonly collected: T;
}

export interface StepFailure extends SandboxReport {
  readonly kind: "failed";
  readonly reason: Reason & { readonly code: StepReasonCode };
}

export type SandboxOutcome<T> = StepSuccess<T> | StepFailure;
