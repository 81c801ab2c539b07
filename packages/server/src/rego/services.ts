import type { AnyObject, EvaluateOptions, RegoHost } from "custody/rego";
import type { DocumentPath, RegoStore } from "custody/rego/store";

import type { DecisionLog } from "./decision-log.ts";
import type { BundleStatus } from "./management/bundle-status.ts";
import type { RequestMetrics } from "./request-metrics.ts";

/** What a request may cost. */
export interface RequestLimits {
  readonly bodyBytes: number;
  /** For one evaluation. */
  readonly evaluationMilliseconds: number;
}

/** A part of the server that bundles, logs or reports, and how it stands with it. */
export type PluginStates = Readonly<Record<string, "NOT_READY" | "OK">>;

/** What the doors of OPA's API stand before. What is configured may be another from one request to the next. */
export interface RegoServices {
  readonly store: RegoStore;
  /** Makes a change of the store, whole or not at all; it lasts when it is through. @throws what the change throws. */
  readonly change: (work: () => void) => Promise<void>;
  readonly host: RegoHost;
  readonly limits: RequestLimits;
  /** `id` and `version`, in decision logs and status, and what is configured. */
  readonly labels: Readonly<Record<string, string>>;
  readonly metrics: RequestMetrics;
  readonly decisions: DecisionLog | undefined;
  /** Of the bundles that are configured, by their names. */
  readonly bundles: ReadonlyMap<string, BundleStatus>;
  /** Of the bundle with the configuration. */
  readonly discovery: BundleStatus | undefined;
  readonly plugins: PluginStates;
  /** The document that `POST /` asks for, and the one that decides who may do what. */
  readonly defaultDecision: DocumentPath;
  readonly authorizationDecision: DocumentPath;
  /** The configuration, without secrets. */
  readonly configuration: AnyObject;
}

/** The host, and an end to every evaluation. */
export function evaluationOptions({ host, limits }: RegoServices): Pick<EvaluateOptions, "host" | "limits"> {
  const end = performance.now() + limits.evaluationMilliseconds;
  return { host, limits: { isOver: () => performance.now() > end } };
}
