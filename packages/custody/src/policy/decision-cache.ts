import type { VerifiedChain } from "custody/evidence";
import type { Digest, Instant, Verdict } from "custody/ground";
import { parseInstant } from "custody/ground";

import type { Decision } from "./gate.ts";

/** What an answer depends on, besides evidence: if one of them moved, the answer is not known. */
export type DecisionKey = Pick<Decision, "image" | "policyRevision" | "trustRevision" | "notBefore">;

/** A decision that let an image in. */
export interface AllowedDecision extends Decision {
  readonly verdict: Extract<Verdict<VerifiedChain>, { readonly kind: "allowed" }>;
}

const defaultCapacity = 4096;

/**
 * Decisions that were made already: the newest of each image, the least recently asked for dropped first.
 *
 * Only what was allowed is kept: what was refused may be allowed when evidence comes. An answer is given for exactly
 * the policy revision, trust revision and high-water mark that it was decided under, and never past the layout's end.
 * It says what the evidence showed then; whoever admits decides anew.
 */
export class DecisionCache {
  readonly #capacity: number;
  readonly #newest = new Map<Digest, AllowedDecision>();

  /** @param capacity how many images are remembered. */
  constructor(capacity: number = defaultCapacity) {
    this.#capacity = capacity;
  }

  /** How many decisions are held. */
  get size(): number {
    return this.#newest.size;
  }

  /** The repository whose policy the image was last held to. */
  findRepository(image: Digest): string | undefined {
    return this.#newest.get(image)?.verdict.facts.repository;
  }

  /** The decision made under the same key, if the layout still admits at that instant. */
  find(key: DecisionKey, at: Instant): AllowedDecision | undefined {
    const decision = this.#newest.get(key.image);
    if (!decision || !isSameKey(decision, key) || at > parseInstant(decision.layoutExpires)) return undefined;
    this.#newest.delete(key.image);
    this.#newest.set(key.image, decision);
    return decision;
  }

  /** Forgets all: evidence has come that may speak against what was allowed. */
  clear(): void {
    this.#newest.clear();
  }

  /** Keeps a decision if it allowed and every check was on. */
  keep(decision: Decision): void {
    if (!isAllowed(decision) || decision.without.length > 0) return;
    this.#newest.delete(decision.image);
    this.#newest.set(decision.image, decision);
    const [oldest] = this.#newest.keys();
    if (this.#newest.size > this.#capacity && oldest !== undefined) this.#newest.delete(oldest);
  }
}

function isAllowed(decision: Decision): decision is AllowedDecision {
  return decision.verdict.kind === "allowed";
}

function isSameKey(a: DecisionKey, b: DecisionKey): boolean {
  return (
    a.policyRevision === b.policyRevision &&
    a.trustRevision === b.trustRevision &&
    a.notBefore?.signedAt === b.notBefore?.signedAt &&
    a.notBefore?.logIndex === b.notBefore?.logIndex
  );
}
