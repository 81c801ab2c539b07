import type { ExaminedBundle, TrustedRoot, VerifiedBundle } from "custody/evidence";
import { Examination, examineBundles, hasDigest, verificationSummary } from "custody/evidence";
import type { Bytes, Crypto, Digest, Verdict } from "custody/ground";
import { allowed, hexOf, refused, undecided } from "custody/ground";
import type { SpiffeId } from "custody/spiffe";

/** May this digest start now? It may if the gate admitted exactly it, under the policy that is in force. */
export interface AdmissionQuestion {
  readonly image: Digest;
  readonly gate: SpiffeId;
  readonly policyRevision: Digest;
  readonly bundles: readonly Bytes[];
}

/**
 * Finds the gate's own attested admission of an image; the newest decision of the gate about it counts.
 *
 * @returns refused with `gate/not-admitted`, `gate/policy-superseded`, or the gate's own reasons; `undecided` when
 * nothing admits and some bundle could not be read.
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
  const [latest] = decisions;
  const unreadable = examined.find((one) => one.kind === "unreadable");
  if (latest) return judgeDecision(latest, question, examination);
  if (unreadable?.kind === "unreadable") {
    return undecided(unreadable.reason.code, question.image, unreadable.reason.message);
  }
  if (examination.without.has("gate/not-admitted")) return allowed(undefined);
  return refused("gate/not-admitted", question.image, "the gate has not admitted this image");
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

function judgeDecision(
  bundle: VerifiedBundle,
  { image, policyRevision }: Pick<AdmissionQuestion, "image" | "policyRevision">,
  examination: Examination,
): Verdict<VerifiedBundle> {
  const { verificationResult, custody_reasons, policy } = verificationSummary.parse(
    bundle.statement.predicate,
  );
  const [first, ...rest] = custody_reasons;
  if (verificationResult !== "PASSED") {
    return first
      ? { kind: "refused", reasons: [first, ...rest] }
      : refused("gate/not-admitted", image, "the gate refused this image");
  }
  const isCurrent = policy.digest["sha256"] === hexOf(policyRevision);
  if (!isCurrent && !examination.without.has("gate/policy-superseded")) {
    return refused("gate/policy-superseded", image, "the policy changed since the gate admitted this image");
  }
  return allowed(bundle);
}
