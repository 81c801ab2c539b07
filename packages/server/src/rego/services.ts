import type { EvaluateOptions, RegoHost } from "custody/rego";
import type { RegoStore } from "custody/rego/store";

import type { BundleStatus } from "./bundle-status.ts";
import type { DecisionLog } from "./decision-log.ts";
import type { RequestMetrics } from "./request-metrics.ts";

/** What a request may cost. */
export interface RequestLimits {
  readonly bodyBytes: number;
  /** For one evaluation. */
  readonly evaluationMilliseconds: number;
}

/** What the doors of OPA's API stand before. */
export interface RegoServices {
  readonly store: RegoStore;
  readonly host: RegoHost;
  readonly limits: RequestLimits;
  /** `id` and `version`, in decision logs and status. */
  readonly labels: Readonly<Record<string, string>>;
  readonly metrics: RequestMetrics;
  readonly decisions: DecisionLog | undefined;
  /** Of the bundles that are configured, by their names. */
  readonly bundles: ReadonlyMap<string, BundleStatus>;
}

/** The host, and an end to every evaluation. */
export function evaluationOptions({ host, limits }: RegoServices): Pick<EvaluateOptions, "host" | "limits"> {
  const end = performance.now() + limits.evaluationMilliseconds;
  return { host, limits: { isOver: () => performance.now() > end } };
}
