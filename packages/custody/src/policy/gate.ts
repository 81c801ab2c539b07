import type {
  ChainQuestion,
  RuleSet,
  Sighting,
  Statement,
  TrustedRoot,
  VerifiedChain,
} from "custody/evidence";
import {
  Examination,
  imageArtifact,
  policyRevisionOf,
  revisionOf,
  verificationSummary,
  verifyChain,
} from "custody/evidence";
import type { RefusalCode } from "custody/evidence";
import type { Bytes, Crypto, Digest, Instant, Verdict } from "custody/ground";
import { CustodyError, digestOf, formatInstant, hexOf } from "custody/ground";
import type { SpiffeId } from "custody/spiffe";

import { gatesRevision } from "./gates/compiled.ts";
import type { Gates } from "./gates/gates.ts";
import { chainFactsOf } from "./gates/verification.ts";

/** What a gate is asked: may this image run, under this policy, on this evidence? */
export type GateQuestion = ChainQuestion;

/** A gate's decision, with all that it rests on: asked again with the same revisions, the answer is the same. */
export interface Decision {
  readonly image: Digest;
  readonly verdict: Verdict<VerifiedChain>;
  readonly policyRevision: Digest;
  readonly trustRevision: Digest;
  /** What was admitted before, and does not go back behind. */
  readonly notBefore: Sighting | undefined;
  /** What was added to the gate, which may look at the time. */
  readonly rules: readonly RuleSet[];
  /** When the layout ends to admit anything, RFC 3339. */
  readonly layoutExpires: string;
  readonly at: Instant;
  /** Digests of all bundles that were looked at. */
  readonly inputs: readonly Digest[];
  /** Checks that were off, for a drill; a decision with any is never attested. */
  readonly without: readonly RefusalCode[];
}

/** What a gate decides through. */
export interface GatePorts {
  readonly crypto: Crypto;
  readonly gates: Gates;
}

/**
 * Decides on the whole chain: the verifier holds it against the layout, and the admit gate decides on what it found.
 * Pure: the same question under the same root has the same answer.
 */
export async function decide(
  { crypto, gates }: GatePorts,
  root: TrustedRoot,
  question: GateQuestion,
  examination: Examination = new Examination(),
): Promise<Decision> {
  const digest = (bytes: Bytes): Digest => digestOf(crypto, bytes);
  const { image, policy, at } = question;
  const asked = {
    image,
    policyRevision: policyRevisionOf(digest, policy),
    trustRevision: revisionOf(digest, root),
    rules: policy.rules ?? [],
    at,
  };
  const chain = await verifyChain(crypto, root, question, examination);
  return {
    ...asked,
    verdict: await judgeAdmissible(gates, { ...asked, repository: policy.repository }, chain),
    notBefore: question.notBefore,
    layoutExpires: policy.layout.expires,
    inputs: question.bundles.map(digest),
    without: [...examination.without],
  };
}

/** What the admit gate decides about a chain. */
export interface AdmissibleQuestion extends Pick<
  Decision,
  "image" | "rules" | "policyRevision" | "trustRevision" | "at"
> {
  readonly repository: string;
}

/** The admit gate's answer on what the verifier found: it can take back a yes, never a no. */
export async function judgeAdmissible(
  gates: Gates,
  { image, repository, rules, at, policyRevision, trustRevision }: AdmissibleQuestion,
  chain: Verdict<VerifiedChain>,
): Promise<Verdict<VerifiedChain>> {
  const facts = {
    at: formatInstant(at),
    repository,
    image,
    policyRevision,
    trustRevision,
    chain: chainFactsOf(chain),
  };
  const verdict = await gates.judge("admit", facts, rules);
  return verdict.kind === "allowed" ? chain : verdict;
}

/**
 * The statement in which a gate vouches for its decision: a SLSA verification summary, with the reasons of a refusal.
 *
 * @throws CustodyError `gate/drill` for a decision with a check off, `gate/undecided` for one that is no decision.
 */
export function summarize(decision: Decision, verifier: SpiffeId, resourceUri: string): Statement {
  const { verdict, image, without } = decision;
  if (without.length > 0) throw gateFault("gate/drill", `checks were off: ${without.join(", ")}`);
  if (verdict.kind === "undecided")
    throw gateFault("gate/undecided", "what could not be decided is not attested");
  const isPassed = verdict.kind === "allowed";
  return {
    subject: [{ name: imageArtifact, digest: { sha256: hexOf(image) } }],
    predicateType: verificationSummary.predicateType,
    predicate: {
      verifier: { id: verifier },
      timeVerified: formatInstant(decision.at),
      resourceUri,
      policy: { uri: policyUri(decision.policyRevision), digest: { sha256: hexOf(decision.policyRevision) } },
      inputAttestations: decision.inputs.map((input) => ({ digest: { sha256: hexOf(input) } })),
      verificationResult: isPassed ? "PASSED" : "FAILED",
      verifiedLevels: isPassed ? ["SLSA_BUILD_LEVEL_3"] : [],
      slsaVersion: "1.0",
      custody_trust: { revision: decision.trustRevision },
      custody_gates: { revision: gatesRevision },
      custody_reasons: isPassed
        ? []
        : verdict.reasons.map(({ code, subject, message }) => ({ code, subject, message })),
    },
  };
}

function policyUri(revision: Digest): string {
  return `urn:custody:policy:${revision}`;
}

function gateFault(code: "gate/drill" | "gate/undecided", message: string): CustodyError {
  return new CustodyError(code, `the decision is not attested: ${message}`);
}
