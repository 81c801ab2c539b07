import type { Crypto, Reason, Verdict } from "custody/ground";

import type { ChainQuestion, VerifiedChain } from "./chain.ts";
import { chooseAll, judgeChain, judgeRules } from "./chain.ts";
import type { Examination } from "./examination.ts";
import type { LayoutStep } from "./layout.ts";
import type { StepCandidates, StepEvidence } from "./step-evidence.ts";
import { findStepCandidates } from "./step-evidence.ts";
import type { ExaminedBundle, VerifiedBundle } from "./verify-bundle.ts";
import { findWithdrawals } from "./withdrawal.ts";

/**
 * Where one step of the layout stands: `verified` counts, `refused` is there and does not count, `withdrawn` counted once,
 * `missing` is not there, `undecided` may be among what cannot be read.
 */
export type StepState = "verified" | "refused" | "withdrawn" | "missing" | "undecided";

/** One step of the layout, with what was found for it and why that does not count. */
export interface ExplainedStep {
  readonly step: LayoutStep;
  readonly state: StepState;
  readonly reasons: readonly Reason[];
  /** What counts for the step, or would, were it not for the reasons. */
  readonly evidence: StepEvidence | undefined;
}

/** A chain for somebody who wants to see all of it: the verifier's answer, and where each step stands. */
export interface ChainExplanation {
  readonly verdict: Verdict<VerifiedChain>;
  readonly steps: readonly ExplainedStep[];
}

/**
 * Explains a chain step by step. The verdict is {@link judgeChain}'s and decides; the states say where each step stands, also
 * beyond the first that is refused.
 */
export async function explainChain(
  crypto: Crypto,
  question: Omit<ChainQuestion, "bundles">,
  examined: readonly ExaminedBundle[],
  examination: Examination,
): Promise<ChainExplanation> {
  const { layout, withdrawers = [] } = question.policy;
  const checks = { withdrawals: findWithdrawals(examined), withdrawers, examination };
  const candidates = layout.steps.map((step) => findStepCandidates(step, examined, checks));
  const chosen = chooseAll(candidates, question.image);
  const verdict = await judgeChain(crypto, question, examined, examination);
  const found = [
    ...(verdict.kind === "allowed" ? [] : verdict.reasons),
    ...(chosen.size === candidates.length ? await judgeRules(candidates, chosen, examination) : []),
  ];
  const hasUnreadable = examined.some(({ kind }) => kind === "unreadable");
  const steps = candidates.map((one) =>
    explainStep(one, chosen.get(one.step.name), { found, hasUnreadable }),
  );
  return { verdict, steps };
}

interface Findings {
  readonly found: readonly Reason[];
  readonly hasUnreadable: boolean;
}

function explainStep(
  { step, reasons: rejected }: StepCandidates,
  evidence: StepEvidence | undefined,
  { found, hasUnreadable }: Findings,
): ExplainedStep {
  if (evidence) {
    const reasons = distinct(found.filter((reason) => isAbout(reason, evidence)));
    return { step, evidence, reasons, state: reasons.length === 0 ? "verified" : refusalState(reasons) };
  }
  if (rejected.length > 0) return { step, evidence, reasons: rejected, state: refusalState(rejected) };
  const reasons = found.filter(({ subject }) => subject === step.name);
  return { step, evidence, reasons, state: hasUnreadable ? "undecided" : "missing" };
}

// A reason names the step, the bundle, or what the step hands on: a commit.
function isAbout({ subject }: Reason, { step, bundle, handOff }: StepEvidence): boolean {
  const commits = [...handOff.products, ...handOff.materials].flatMap(
    ({ digest }) => digest["gitCommit"] ?? [],
  );
  return subject === step || subject === bundle.digest || (step === "source" && commits.includes(subject));
}

function refusalState(reasons: readonly Reason[]): StepState {
  return reasons.some(({ code }) => code === "evidence/withdrawn") ? "withdrawn" : "refused";
}

function distinct(reasons: readonly Reason[]): Reason[] {
  return [
    ...new Map(reasons.map((reason) => [JSON.stringify([reason.code, reason.message]), reason])).values(),
  ];
}

/** The bundles that are about none of the layout's steps: decisions, policies, what somebody added besides. */
export function findOtherBundles(
  { steps }: Pick<ChainExplanation, "steps">,
  examined: readonly ExaminedBundle[],
): readonly VerifiedBundle[] {
  const used = new Set(steps.flatMap(({ evidence }) => evidence?.bundle.digest ?? []));
  return examined.flatMap((one) =>
    one.kind === "verified" && !used.has(one.bundle.digest) ? [one.bundle] : [],
  );
}
