import {
  decideByAnswer,
  decideByFindings,
  readMessages,
  reviewOfRequest,
  withWarnings,
} from "custody/gatekeeper";
import type { AdmissionDecision, AdmissionReview, Gatekeeper } from "custody/gatekeeper";
import type { AnyObject, EvaluateOptions, Policy, RegoHost, RegoValue } from "custody/rego";

/** What an evaluation may do and cost. */
type Bounds = Pick<EvaluateOptions, "host" | "limits">;

/** Decides on an admission request; what it throws is why it could not. */
export type Decider = (review: AdmissionReview, bounds: Bounds) => AdmissionDecision;

export interface RegoDeciding {
  readonly policy: Policy;
  readonly data: AnyObject;
  /** What is denied or allowed: `data.kubernetes.admission.deny`. */
  readonly query: string;
  /** Messages of what is only warned of; none where it is undefined. */
  readonly warnQuery: string;
}

/**
 * Decides by a query, whose input is the whole AdmissionReview. An error of a builtin is no answer.
 *
 * @throws RegoDiagnostics for queries that do not compile.
 */
export function regoDecider({ policy, data, query, warnQuery }: RegoDeciding): Decider {
  const [decision, warning] = [policy.prepare(query), policy.prepare(warnQuery)];
  return ({ document, uid }, bounds) => {
    const ask = (prepared: typeof decision): RegoValue | undefined =>
      prepared.evaluate(document, { ...bounds, data, strictBuiltinErrors: true })[0]?.expressions[0]?.value;
    return withWarnings(decideByAnswer(ask(decision), uid), readMessages(ask(warning) ?? []));
  };
}

/** Decides by templates and constraints. */
export function gatekeeperDecider(gatekeeper: Gatekeeper): Decider {
  return ({ request }, { host = {}, limits = {} }: { host?: RegoHost; limits?: Bounds["limits"] }) =>
    decideByFindings(gatekeeper.review(reviewOfRequest(request), { host, limits }));
}
