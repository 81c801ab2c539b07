import type { VerifiedChain } from "custody/evidence";
import { revisionOf } from "custody/evidence";
import { digestOf } from "custody/ground";
import type { Digest, Verdict } from "custody/ground";
import { DecisionCache, judgeAdmissible } from "custody/policy";
import type { AllowedDecision } from "custody/policy";

import { decideOn } from "./hand-offs/gate.ts";
import type { AttestationRecord } from "./ports.ts";

/** The gate's answer to somebody who asks; it starts nothing. */
export interface GateAnswer {
  readonly image: Digest;
  readonly repository: string;
  readonly verdict: Verdict<VerifiedChain>;
}

type RememberedPorts = Parameters<typeof decideOn>[0];

/**
 * The gate for those who only ask: an answer given already for the same image, policy, trust and high-water mark is a
 * lookup that reads no attestation. The gate's own hand-off and every start decide anew and never come here.
 */
export class RememberedGate {
  readonly #ports: RememberedPorts;
  readonly #cache: DecisionCache;
  readonly #trustRevision: Digest;

  constructor(ports: RememberedPorts, cache: DecisionCache = new DecisionCache()) {
    this.#ports = ports;
    this.#cache = cache;
    this.#trustRevision = revisionOf((bytes) => digestOf(ports.crypto, bytes), ports.trustedRoot);
  }

  /** The answer that was given before and still holds. */
  async find(image: Digest): Promise<GateAnswer | undefined> {
    const { policies, workloads, clock } = this.#ports;
    const repository = this.#cache.findRepository(image);
    if (repository === undefined) return undefined;
    const [policyRevision, notBefore] = await Promise.all([
      policies.findRevision(repository),
      workloads.findHighWater(repository),
    ]);
    if (policyRevision === undefined) return undefined;
    const key = { image, policyRevision, trustRevision: this.#trustRevision, notBefore };
    const known = this.#cache.find(key, clock.now());
    return known && { image, repository, verdict: await this.#judgeAgain(known) };
  }

  /** To be called when evidence has come from elsewhere: it may say that a step has failed since, or take something back. */
  forgetAll(): void {
    this.#cache.clear();
  }

  // What was verified stays so; what others have added may look at the time.
  async #judgeAgain(known: AllowedDecision): Promise<Verdict<VerifiedChain>> {
    if (known.rules.length === 0) return known.verdict;
    const { gates, clock } = this.#ports;
    const { repository } = known.verdict.facts;
    const question = { ...known, repository, at: clock.now() };
    return judgeAdmissible(gates, question, known.verdict);
  }

  /** Decides on these attestations and remembers an answer that allows. */
  async decide(
    repository: string,
    image: Digest,
    records: readonly AttestationRecord[],
  ): Promise<GateAnswer> {
    const decision = await decideOn(this.#ports, repository, image, records);
    this.#cache.keep(decision);
    return { image, repository, verdict: decision.verdict };
  }
}
