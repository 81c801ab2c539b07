import type { Workspace } from "./workspace.ts";

/** Where something stands in one of the texts; offsets count UTF-16 units, rows and columns from 1. */
export interface Place {
  readonly field: keyof Workspace;
  readonly row: number;
  readonly col: number;
  readonly from: number;
  readonly to: number;
}

/** Why there is no answer. */
export interface Problem {
  readonly message: string;
  /** OPA's code where it has one. */
  readonly code?: string;
  readonly place?: Place;
}

/** What a query came to: four things that are never shown as one another. */
export type Outcome =
  | { readonly kind: "defined"; readonly text: string }
  | { readonly kind: "false" }
  | { readonly kind: "undefined" }
  | { readonly kind: "error"; readonly problems: readonly Problem[] };

/** One rule on the way to a document's value. */
export interface Way {
  readonly kind: "held" | "stopped" | "skipped";
  readonly isDefault: boolean;
  /** It decided what was asked for: its line is the one to look at. */
  readonly isDecisive: boolean;
  readonly rule: Place;
  /** The first line of the rule. */
  readonly text: string;
  /** The expression that it did not get past. */
  readonly stop?: { readonly place: Place; readonly text: string };
  /** What the rule, or the expression it stopped at, says of the input, and what that is. */
  readonly known: readonly (readonly [name: string, value: string])[];
}

/** A document that the evaluation came to, and what decided its value. */
export interface TracedDocument {
  readonly name: string;
  /** Absent where it is undefined, and of functions. */
  readonly value?: string;
  readonly isFunction: boolean;
  readonly ways: readonly Way[];
}

/** What of the policy was come to. A row can be in both lists: partly covered. */
export interface PolicyCoverage {
  readonly by: "evaluation" | "tests";
  readonly percent: number;
  readonly coveredRows: readonly number[];
  readonly missedRows: readonly number[];
}

export interface Evaluated {
  readonly kind: "evaluated";
  /** What was asked, when the query was left blank too. */
  readonly query: string;
  readonly outcome: Outcome;
  readonly printed: readonly string[];
  readonly trace: readonly TracedDocument[];
  readonly coverage?: PolicyCoverage;
  readonly milliseconds: number;
}

export interface TestShown {
  readonly name: string;
  readonly outcome: "pass" | "fail" | "skip" | "error";
  readonly place?: Place;
  readonly failedAt?: Place;
  readonly error?: string;
  readonly printed: readonly string[];
  readonly cases: readonly { readonly name: string; readonly failed: boolean }[];
  readonly milliseconds: number;
}

export interface Tested {
  readonly kind: "tested";
  readonly tests: readonly TestShown[];
  /** Why no test could be run. */
  readonly problems: readonly Problem[];
  readonly coverage?: PolicyCoverage;
}

export interface Formatted {
  readonly kind: "formatted";
  /** The texts as they should be; absent where there are problems. */
  readonly texts?: Pick<Workspace, "policy" | "tests">;
  readonly problems: readonly Problem[];
}

export interface DeskRequest {
  readonly kind: "evaluate" | "test" | "format";
  readonly workspace: Workspace;
}

export type DeskReport = Evaluated | Tested | Formatted;
