import type { ResourceDescriptor, VerifiedChain } from "custody/evidence";
import type { Reason, Verdict } from "custody/ground";
import { formatInstant } from "custody/ground";

import type { ChainFacts } from "./facts.ts";

interface Verification {
  readonly verdict: "allowed" | "refused" | "undecided";
  readonly reasons: Reason[];
}

/** A verdict, as gates are told it. */
export function verificationOf(verdict: Verdict<unknown>): Verification {
  const reasons = verdict.kind === "allowed" ? [] : verdict.reasons;
  return {
    verdict: verdict.kind,
    reasons: reasons.map(({ code, subject, message }) => ({ code, subject, message })),
  };
}

/** What the verifier found of a chain, as gates are told it. */
export function chainFactsOf(verdict: Verdict<VerifiedChain>): ChainFacts {
  const verification = verificationOf(verdict);
  if (verdict.kind !== "allowed") return { ...verification, steps: [] };
  const { commit, signer, steps } = verdict.facts;
  return {
    ...verification,
    commit,
    signer: { ...signer },
    steps: steps.map(({ name, predicateType, identity, signedAt, logIndex, materials, products }) => ({
      name,
      predicateType,
      identity,
      signedAt: formatInstant(signedAt),
      ...(logIndex === undefined ? {} : { logIndex }),
      materials: artifactsOf(materials),
      products: artifactsOf(products),
    })),
  };
}

/** Artifacts by name and one digest: sha256 where there is one. */
export function artifactsOf(descriptors: readonly ResourceDescriptor[]): { name: string; digest: string }[] {
  return descriptors.map(({ name, digest }) => {
    const [algorithm = "", hex = ""] =
      Object.entries(digest).find(([known]) => known === "sha256") ?? Object.entries(digest)[0] ?? [];
    return { name, digest: `${algorithm}:${hex}` };
  });
}
