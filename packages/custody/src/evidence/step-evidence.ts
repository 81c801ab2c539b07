import type { Reason } from "custody/ground";

import type { AttestationType, HandOff } from "./attestation-type.ts";
import { findHandOff } from "./attestation-type.ts";
import type { Examination } from "./examination.ts";
import { Refusal } from "./examination.ts";
import { describeFunctionary, isFunctionary } from "./functionary.ts";
import type { Functionary } from "./functionary.ts";
import type { LayoutStep } from "./layout.ts";
import { compareSightings, sightingOf } from "./sighting.ts";
import type { ResourceDescriptor } from "./statement.ts";
import { isSameArtifact } from "./statement.ts";
import { findAttestationType } from "./types/index.ts";
import type { ExaminedBundle, VerifiedBundle } from "./verify-bundle.ts";
import type { Withdrawal } from "./withdrawal.ts";
import { findWithdrawalOf } from "./withdrawal.ts";

/** An attestation that counts for a step: signed by a functionary, of the expected type, with what it hands on. */
export interface StepEvidence {
  readonly step: string;
  readonly bundle: VerifiedBundle;
  readonly handOff: HandOff;
}

/** What the examined bundles hold for one step: what counts, and why what claims the step does not. */
export interface StepCandidates {
  readonly step: LayoutStep;
  readonly accepted: readonly StepEvidence[];
  /** Where a functionary vouches for the contrary: it was done, and failed. */
  readonly failures: readonly StepEvidence[];
  readonly reasons: readonly Reason[];
}

/** What candidates are held against. */
export interface CandidateChecks {
  readonly examination: Examination;
  readonly withdrawals: readonly Withdrawal[];
  readonly withdrawers: readonly Functionary[];
}

/** Sorts out, for one step of the layout, which bundles count and why the others that claim the step do not. */
export function findStepCandidates(
  step: LayoutStep,
  bundles: readonly ExaminedBundle[],
  checks: CandidateChecks,
): StepCandidates {
  const accepted: StepEvidence[] = [];
  const failures: StepEvidence[] = [];
  const reasons: Reason[] = [];
  const type = findAttestationType(step.expectedPredicate.predicateType);
  for (const examined of type ? bundles : []) {
    const outcome = type && readCandidate(step, type, examined, checks);
    if (outcome?.kind === "accepted") accepted.push(outcome.evidence);
    else if (outcome?.kind === "rejected") reasons.push(outcome.reason);
    if (type && examined.kind === "verified")
      failures.push(...findFailure(step, type, examined.bundle, checks));
  }
  return { step, accepted, failures, reasons };
}

// A failure that was withdrawn is none any more, as a success would be.
function findFailure(
  step: LayoutStep,
  type: AttestationType<never>,
  bundle: VerifiedBundle,
  { withdrawals, withdrawers }: CandidateChecks,
): StepEvidence[] {
  const { functionaries, predicateType } = step.expectedPredicate;
  const counts =
    functionaries.some((one) => isFunctionary(one, bundle)) &&
    bundle.statement.predicateType === predicateType &&
    !findWithdrawalOf(bundle, withdrawals, withdrawers);
  const handOff = counts ? findHandOff(type, bundle.statement) : undefined;
  return handOff?.failed && handOff.step === step.name ? [{ step: step.name, bundle, handOff }] : [];
}

type CandidateOutcome =
  | { readonly kind: "accepted"; readonly evidence: StepEvidence }
  | { readonly kind: "rejected"; readonly reason: Reason }
  | undefined;

function readCandidate(
  step: LayoutStep,
  type: AttestationType<never>,
  examined: ExaminedBundle,
  checks: CandidateChecks,
): CandidateOutcome {
  if (examined.kind === "unreadable") return undefined;
  const statement = examined.kind === "verified" ? examined.bundle.statement : examined.claimed;
  const handOff = statement && findHandOff(type, statement);
  if (examined.kind === "refused") {
    return handOff?.step === step.name ? { kind: "rejected", reason: examined.reason } : undefined;
  }
  if (handOff?.step !== step.name && !isMalformed(step, examined.bundle, handOff)) return undefined;
  try {
    demandCounts(step, examined.bundle, handOff, checks.examination);
    demandNotWithdrawn(step, examined.bundle, checks);
    return handOff && { kind: "accepted", evidence: { step: step.name, bundle: examined.bundle, handOff } };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "rejected", reason: error.reason };
    throw error;
  }
}

// What a functionary signed as the expected type, and nobody can read as it, says why the step has no evidence.
function isMalformed(
  { expectedPredicate }: LayoutStep,
  bundle: VerifiedBundle,
  handOff: HandOff | undefined,
): boolean {
  const { functionaries, predicateType } = expectedPredicate;
  const mayVouch = functionaries.some((one) => isFunctionary(one, bundle));
  return !handOff && mayVouch && bundle.statement.predicateType === predicateType;
}

function demandCounts(
  { name, expectedPredicate }: LayoutStep,
  { identity, issuer, statement, digest }: VerifiedBundle,
  handOff: HandOff | undefined,
  examination: Examination,
): void {
  const { functionaries } = expectedPredicate;
  examination.demand(
    functionaries.some((one) => isFunctionary(one, { identity, issuer })),
    "evidence/identity-mismatch",
    name,
    `"${identity}" (${issuer}) may not vouch for step ${name}; ${functionaries.map(describeFunctionary).join(", ")} may`,
  );
  examination.demand(
    statement.predicateType === expectedPredicate.predicateType,
    "evidence/predicate-type",
    name,
    `step ${name} wants ${expectedPredicate.predicateType}, the attestation is ${statement.predicateType}`,
  );
  examination.demand(
    handOff?.step === name && hasOneOfEach(handOff.materials) && hasOneOfEach(handOff.products),
    "evidence/predicate-malformed",
    digest,
    `the predicate is not one of step ${name}, or names an artifact twice`,
  );
  examination.demand(
    handOff?.weakened.length === 0,
    "evidence/isolation-weakened",
    name,
    `step ${name} did not run whole: ${handOff?.weakened.join(", ")}`,
  );
}

function demandNotWithdrawn({ name }: LayoutStep, bundle: VerifiedBundle, checks: CandidateChecks): void {
  const found = findWithdrawalOf(bundle, checks.withdrawals, checks.withdrawers);
  const by = found?.bundle.identity ?? "";
  checks.examination.demand(
    found === undefined,
    "evidence/withdrawn",
    name,
    `the attestation of step ${name} was withdrawn by ${by}: ${found?.predicate.reason ?? ""}`,
  );
}

// Of two artifacts with one name, each reader might take another. What came over the network may come twice.
function hasOneOfEach(artifacts: readonly ResourceDescriptor[]): boolean {
  const names = artifacts.map(({ name }) => name).filter((name) => !name.startsWith("network/"));
  return new Set(names).size === names.length;
}

/**
 * Chooses among several attestations of one step: those that hand on what a later step took in come first, then those
 * that name the commit which later steps name, then the one that was seen last. A choice admits nothing: the artifact rules decide over what was chosen.
 */
export function chooseEvidence(
  { accepted }: StepCandidates,
  wanted: readonly ResourceDescriptor[],
  commit: HandOff["commit"],
): StepEvidence | undefined {
  const ofCommit = ({ handOff }: StepEvidence): number =>
    Number(
      commit !== undefined &&
        handOff.commit?.id === commit.id &&
        handOff.commit.repository === commit.repository,
    );
  const links = ({ handOff }: StepEvidence): number =>
    (handOff.products.length > 0 ? handOff.products : handOff.materials).filter((artifact) =>
      wanted.some(({ name, digest }) => name === artifact.name && isSameArtifact(digest, artifact.digest)),
    ).length;
  return accepted.toSorted(
    (a, b) =>
      links(b) - links(a) ||
      ofCommit(b) - ofCommit(a) ||
      compareSightings(sightingOf(b.bundle), sightingOf(a.bundle)),
  )[0];
}
