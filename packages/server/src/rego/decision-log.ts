import { randomUUID } from "node:crypto";

import type { RegoHost, RegoValue } from "custody/rego";
import { decisionDocument, maskParts, parseMasks, withoutSecrets } from "custody/rego/decisions";
import type { Decision, MaskedParts, Parts } from "custody/rego/decisions";
import { documentLine } from "custody/rego/results";
import type { RegoStore, Snapshot } from "custody/rego/store";

import type { LineBuffer } from "./line-buffer.ts";

export interface DecisionLogOptions {
  readonly store: RegoStore;
  readonly host: RegoHost;
  readonly lines: LineBuffer;
  /** Where each decision is shown besides. */
  readonly console?: LineBuffer;
  /** As they are when a decision is made. */
  readonly labels: () => Readonly<Record<string, string>>;
  /** The documents that say what of a decision is hidden, and which are left out: paths below `data`. */
  readonly mask: readonly string[];
  readonly drop: readonly string[];
  /** Whether what looks like a secret by its name is left out, besides what the masks say. */
  readonly hidesSecrets: boolean;
}

/** A decision, as the door that made it knows it. */
export interface MadeDecision
  extends Parts, Pick<Decision, "decisionId" | "subject" | "bundles" | "metrics" | "requestedBy"> {
  readonly error?: unknown;
}

/** Everything of a part is hidden where its masks cannot be told. */
const nothing: MaskedParts = {
  input: undefined,
  result: undefined,
  erased: ["/input", "/result"],
  masked: [],
};

const maskSteps = 5_000_000;

/** Writes one line of JSON a decision, in OPA's shape. */
export class DecisionLog {
  readonly lines: LineBuffer;
  readonly #options: DecisionLogOptions;
  #count = 0;

  constructor(options: DecisionLogOptions) {
    this.#options = options;
    this.lines = options.lines;
  }

  newId(): string {
    return randomUUID();
  }

  /** Ends it: what waits goes a last time, for no longer than is allowed. */
  async close(allowedMilliseconds: number): Promise<void> {
    await Promise.all([
      this.lines.close(allowedMilliseconds),
      this.#options.console?.close(allowedMilliseconds),
    ]);
  }

  record(made: MadeDecision): void {
    const { labels, store } = this.#options;
    const { error } = made;
    const decision: Decision = {
      ...made,
      labels: labels(),
      error: error === undefined ? undefined : error instanceof Error ? error.message : "unknown",
      timestamp: new Date().toISOString(),
      requestNumber: ++this.#count,
    };
    const parts = this.#masked(store.snapshot, decision, made);
    if (!parts) return;
    const line = documentLine(decisionDocument(decision, parts));
    this.lines.push(line);
    this.#options.console?.push(line);
  }

  /** The parts that may be shown; undefined for a decision that is left out. */
  #masked(snapshot: Snapshot, decision: Decision, parts: Parts): MaskedParts | undefined {
    try {
      const input = eventValue(decision, parts);
      const { host, drop, mask, hidesSecrets } = this.#options;
      const options = { host, limits: { steps: maskSteps } };
      if (snapshot.find(drop, input, options) === true) return undefined;
      const masks = parseMasks(snapshot.find(mask, input, options) ?? []);
      const masked = maskParts(parts, masks);
      return hidesSecrets ? hidden(masked) : masked;
    } catch {
      return nothing;
    }
  }
}

/** What the policies of the log see as their input. */
function eventValue(decision: Decision, { input, result }: Parts): RegoValue {
  return {
    labels: decision.labels,
    decision_id: decision.decisionId,
    ...decision.subject,
    ...(input !== undefined && { input }),
    ...(result !== undefined && { result }),
    ...(decision.error !== undefined && { error: decision.error }),
    requested_by: decision.requestedBy,
    timestamp: decision.timestamp,
  };
}

function hidden(parts: MaskedParts): MaskedParts {
  const input = parts.input === undefined ? undefined : withoutSecrets(parts.input, "/input");
  const result = parts.result === undefined ? undefined : withoutSecrets(parts.result, "/result");
  const erased = [...parts.erased, ...(input?.erased ?? []), ...(result?.erased ?? [])];
  return { input: input?.value, result: result?.value, erased, masked: parts.masked };
}
