import type { EvaluateOptions, Policy, RegoValue } from "custody/rego";
import { Explainer } from "custody/rego/explain";
import { items } from "custody/rego/results";
import type { Document } from "custody/rego/results";
import { apiDocument, explainModes, traceLines, TraceLog } from "custody/rego/trace";
import type { ExplainMode } from "custody/rego/trace";

import { isAsked } from "./request.ts";

/** An answer shows no more: with their syntax, so many are some megabytes. */
const eventsLimit = 10_000;

/** What an evaluation is given so that it can be explained, and the explanation afterwards. */
export interface Explaining {
  readonly options: Pick<EvaluateOptions, "follow" | "trace">;
  readonly document: (world: Pick<EvaluateOptions, "host" | "limits"> & World) => Document;
}

interface World {
  readonly input: RegoValue | undefined;
  readonly data: RegoValue;
}

/**
 * How `?explain` asks for it: `notes`, `fails`, `full` and `debug` as OPA has them, lines where `?pretty` asks for those;
 * `decisions` is which rules and lines decided. Undefined where it does not ask.
 */
export function explainingOf(parameters: URLSearchParams, policy: Policy): Explaining | undefined {
  const asked = parameters.getAll("explain").at(-1);
  if (asked === "decisions") return decisions(policy);
  const mode = explainModes.find((one) => one === asked);
  return mode && trace(mode, isAsked(parameters, "pretty"));
}

function trace(mode: ExplainMode, isPretty: boolean): Explaining {
  const log = new TraceLog(eventsLimit);
  return {
    options: { trace: log.add },
    document: () => {
      const events = log.shown(mode);
      return isPretty ? items(traceLines(events)) : apiDocument(events);
    },
  };
}

function decisions(policy: Policy): Explaining {
  const explainer = new Explainer(policy);
  return { options: { follow: explainer.visit }, document: (world) => items(explainer.lines(world)) };
}
