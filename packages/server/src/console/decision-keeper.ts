import type { DecisionStore, KeptDecision } from "@custody/node/console-store";
import { canonicalJson, digestOf, parseInstant } from "custody/ground";
import type { Crypto, Json } from "custody/ground";
import { gatesRevision } from "custody/policy";
import type { GateDecision, GateFacts } from "custody/policy";

const maxWaiting = 1000;
const maxFactsBytes = 1024 * 1024;

/**
 * Keeps what the gates decide, one after the other, beside the deciding: a decision never waits for it. What comes faster than
 * it can be written is left out, and said to be.
 */
export class DecisionKeeper {
  readonly #store: Pick<DecisionStore, "keep">;
  readonly #crypto: Pick<Crypto, "sha256">;
  readonly #onLost: (error: unknown) => void;
  readonly #waiting: GateDecision[] = [];
  #writing: Promise<void> | undefined;

  constructor(
    store: Pick<DecisionStore, "keep">,
    crypto: Pick<Crypto, "sha256">,
    onLost: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#crypto = crypto;
    this.#onLost = onLost;
  }

  /** Takes a decision in; {@link GateDecision}s come from wherever a gate is asked. */
  hear(decision: GateDecision): void {
    if (this.#waiting.length >= maxWaiting)
      return this.#onLost(new Error("too many decisions wait to be kept"));
    this.#waiting.push(decision);
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when everything heard so far is kept, or lost. */
  async kept(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      await this.#keep(next).catch(this.#onLost);
    }
    this.#writing = undefined;
  }

  async #keep(decision: GateDecision): Promise<void> {
    const { facts, rules } = decision;
    // The time of the question says nothing new.
    const { at: _at, ...lasting } = facts;
    const said = canonicalJson([decision.gate, lasting, rules, decision.verdict, gatesRevision]);
    const isKept = said.length <= maxFactsBytes;
    const kept = { ...describe(decision), ...(isKept ? { facts: facts as unknown as Json } : {}) };
    await this.#store.keep(kept, digestOf(this.#crypto, said));
  }
}

function describe({
  gate,
  facts,
  rules,
  verdict,
}: GateDecision): Omit<KeptDecision, "id" | "firstAt" | "times" | "facts"> {
  return {
    gate,
    repository: facts.repository,
    subject: subjectOf(facts),
    verdict: verdict.kind,
    reasons: verdict.kind === "allowed" ? [] : verdict.reasons,
    rules,
    gatesRevision,
    lastAt: parseInstant(facts.at),
  };
}

// The image where there is one already, else the commit.
function subjectOf(facts: GateFacts<GateDecision["gate"]>): string {
  if ("image" in facts) return typeof facts.image === "string" ? facts.image : facts.image.digest;
  return typeof facts.commit === "string" ? facts.commit : facts.commit.id;
}
