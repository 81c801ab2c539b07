import { items, members, value } from "../results/index.ts";
import type { Document } from "../results/index.ts";
import type { ActiveBundles } from "../store/index.ts";
import type { RegoValue } from "../values/index.ts";
import type { MaskedParts } from "./masks.ts";

/** One decision, as a log keeps it. */
export interface Decision {
  readonly decisionId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bundles: ActiveBundles;
  /** What was asked for: a path below `data`, or a query. */
  readonly subject: { readonly path: string } | { readonly query: string };
  readonly error: string | undefined;
  readonly requestedBy: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly metrics: RegoValue;
  /** Counts up with every decision of a server. */
  readonly requestNumber: number;
}

/** The decision in OPA's shape. */
export function decisionDocument(decision: Decision, parts: MaskedParts): Document {
  const { bundles, error, subject } = decision;
  const revisions = [...bundles].map(([name, { revision }]) => [name, members({ revision })] as const);
  return members({
    labels: value(decision.labels),
    decision_id: decision.decisionId,
    bundles: revisions.length > 0 ? members(Object.fromEntries(revisions)) : undefined,
    ...subject,
    input: parts.input === undefined ? undefined : value(parts.input),
    result: parts.result === undefined ? undefined : value(parts.result),
    erased: parts.erased.length > 0 ? items(parts.erased) : undefined,
    masked: parts.masked.length > 0 ? items(parts.masked) : undefined,
    error,
    requested_by: decision.requestedBy,
    timestamp: decision.timestamp,
    metrics: value(decision.metrics),
    req_id: decision.requestNumber,
  });
}
