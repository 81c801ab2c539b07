import type { ExplainedBundle, StepState } from "custody/evidence";
import type { Reason } from "custody/ground";
import type { ChainPicture } from "custody/graph";

import type { ApiProblem } from "../api/problem.ts";
import type { LogReport, LogRequest } from "../log/messages.ts";
import type { TrustedParty } from "./trust-changes.ts";

/** Whom to trust, as text: a TrustedRoot and, where there is one, a witness policy. */
export interface TrustTexts {
  readonly root: string;
  readonly witnesses: string | undefined;
}

export type VerifyRequest =
  | {
      readonly kind: "verify";
      /** What was asked for: a digest, commit, pid, tag or workload. */
      readonly word: string;
      readonly trust: TrustTexts;
      /** Milliseconds since 1970: what is judged by now. */
      readonly at: number;
    }
  | { readonly kind: "explain"; readonly bundle: string; readonly trust: TrustTexts }
  | { readonly kind: "trust"; readonly trust: TrustTexts }
  | LogRequest;

/** What the worker is told: a question, or that what it has found so far of one is shown. */
export type VerifyMessage =
  | { readonly id: number; readonly request: VerifyRequest }
  | { readonly shown: number };

/** What this browser found of one chain. */
export interface VerifiedChainReport {
  readonly image: string;
  readonly repository: string;
  readonly state: StepState;
  readonly reasons: readonly Reason[];
  readonly commit: string | undefined;
}

/** What this browser found of the chains behind a word. */
export interface ChainsReport {
  readonly kind: "chains";
  readonly direction: "back" | "forward";
  readonly picture: ChainPicture;
  readonly chains: readonly VerifiedChainReport[];
  /** Every bundle by its digest, base64 of what the server sent. */
  readonly bundles: Readonly<Record<string, string>>;
  /** So many chains of the answer are still being verified, and are not in here yet. */
  readonly pending: number;
  readonly left: number;
  readonly deliveries: readonly {
    readonly id: string;
    readonly phase: string;
    readonly reasons: readonly Reason[];
  }[];
  readonly trustRevision: string;
  readonly milliseconds: number;
}

export type BundleReport =
  | { readonly kind: "bundle"; readonly explained: ExplainedBundle; readonly raw: string }
  | { readonly kind: "unreadable"; readonly code: string; readonly message: string; readonly raw: string };

/** A trusted root in a few words. */
export interface TrustReport {
  readonly kind: "trust";
  readonly revision: string;
  readonly authorities: readonly string[];
  readonly logs: readonly string[];
  readonly timestampAuthorities: readonly string[];
  readonly witnesses: readonly string[];
  /** All whom it names, by name and key. */
  readonly parties: readonly TrustedParty[];
}

export type VerifyReport = ChainsReport | BundleReport | TrustReport | LogReport;

export type VerifyAnswer =
  | { readonly id: number; readonly report: VerifyReport }
  /** What was found so far; the rest follows. */
  | { readonly id: number; readonly soFar: VerifyReport }
  | { readonly id: number; readonly fault: { readonly code: string; readonly message: string } }
  /** The server did not answer, or with a problem. */
  | { readonly id: number; readonly problem: ShownProblem };

/** An {@link ApiProblem} on its way between threads. */
export type ShownProblem = Pick<ApiProblem, "status" | "code" | "message" | "next">;
