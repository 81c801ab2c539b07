import type { ExaminedBundle, Statement, TrustedRoot, VerifiedBundle } from "custody/evidence";
import { Examination, examineBundles, hasDigest, verificationSummary } from "custody/evidence";
import type { Bytes, Crypto, Digest, Reason, Verdict } from "custody/ground";
import { allowed, CustodyError, hexOf, refused } from "custody/ground";
import type { SpiffeId } from "custody/spiffe";

/** May this digest start now? It may if the gate admitted exactly it, under the policy that is in force. */
export interface AdmissionQuestion {
  readonly image: Digest;
  readonly gate: SpiffeId;
  readonly policyRevision: Digest;
  readonly bundles: readonly Bytes[];
}

/**
 * Finds the gate's own attested admission of an image: its newest decision under the policy in force.
 *
 * @returns refused with `gate/not-admitted`, `gate/policy-superseded`, or the gate's own reasons; `undecided` when some
 * bundle cannot be read, or claims to be a refusal and cannot be verified.
 */
export async function findAdmission(
  crypto: Crypto,
  root: TrustedRoot,
  question: AdmissionQuestion,
  examination: Examination = new Examination(),
): Promise<Verdict<VerifiedBundle | undefined>> {
  const examined = await examineBundles(crypto, question.bundles, root, examination);
  return judgeAdmission(question, examined, examination);
}

/** As {@link findAdmission}, on bundles that were examined under the trusted root that counts, with these very checks. */
export function judgeAdmission(
  question: Omit<AdmissionQuestion, "bundles">,
  examined: readonly ExaminedBundle[],
  examination: Examination,
): Verdict<VerifiedBundle | undefined> {
  const decisions = examined
    .flatMap((one) => (one.kind === "verified" && isDecision(one.bundle, question) ? [one.bundle] : []))
    .toSorted((a, b) => (b.logged?.index ?? -1) - (a.logged?.index ?? -1));
  const doubt = findDoubt(question.image, examined);
  if (doubt) return { kind: "undecided", reasons: [doubt] };
  const latest = decisions.find((one) => isUnderPolicy(one, question, examination));
  if (latest) return judgeDecision(latest, question.image);
  if (decisions.length > 0) {
    return refused(
      "gate/policy-superseded",
      question.image,
      "the gate has not decided under the policy in force",
    );
  }
  if (examination.without.has("gate/not-admitted")) return allowed(undefined);
  return refused("gate/not-admitted", question.image, "the gate has not admitted this image");
}

// What cannot be read or verified may be a later refusal: damage must not turn a no into a yes.
function findDoubt(image: Digest, examined: readonly ExaminedBundle[]): Reason | undefined {
  for (const one of examined) {
    if (one.kind === "unreadable") return one.reason;
    if (one.kind === "refused" && isClaimedRefusal(image, one.claimed)) return one.reason;
  }
  return undefined;
}

function isClaimedRefusal(image: Digest, claimed: Statement | undefined): boolean {
  return (
    claimed?.predicateType === verificationSummary.predicateType &&
    claimed.subject.some(({ digest }) => hasDigest(digest, image)) &&
    summaryOf(claimed)?.verificationResult !== "PASSED"
  );
}

function summaryOf({ predicate }: Statement): ReturnType<typeof verificationSummary.parse> | undefined {
  try {
    return verificationSummary.parse(predicate);
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

// A decision under another revision, yes or no, says nothing about this one.
function isUnderPolicy(
  { statement }: VerifiedBundle,
  { policyRevision }: Pick<AdmissionQuestion, "policyRevision">,
  { without }: Examination,
): boolean {
  const { policy } = verificationSummary.parse(statement.predicate);
  return without.has("gate/policy-superseded") || policy.digest["sha256"] === hexOf(policyRevision);
}

function isDecision(
  { identity, statement }: VerifiedBundle,
  { gate, image }: Pick<AdmissionQuestion, "gate" | "image">,
): boolean {
  return (
    identity === gate &&
    statement.predicateType === verificationSummary.predicateType &&
    statement.subject.some(({ digest }) => hasDigest(digest, image))
  );
}

function judgeDecision(bundle: VerifiedBundle, image: Digest): Verdict<VerifiedBundle> {
  const { verificationResult, custody_reasons } = verificationSummary.parse(bundle.statement.predicate);
  if (verificationResult === "PASSED") return allowed(bundle);
  const [first, ...rest] = custody_reasons;
  return first
    ? { kind: "refused", reasons: [first, ...rest] }
    : refused("gate/not-admitted", image, "the gate refused this image");
}
