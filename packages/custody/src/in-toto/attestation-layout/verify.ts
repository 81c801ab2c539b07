import { Examination, isSameArtifact, matchesPattern, Refusal } from "custody/evidence";
import type { Crypto, Instant, PublicKey, Verdict } from "custody/ground";
import { allowed, CustodyError, formatInstant } from "custody/ground";

import { findRuleFailure, isSameLink } from "../artifact-rules.ts";
import type { LinkArtifacts } from "../artifact-rules.ts";
import type { InTotoCode } from "../codes.ts";
import { inTotoFault } from "../faults.ts";
import type { Parameters } from "../parameters.ts";
import type { AttestationSource } from "../ports.ts";
import type { VerifiedStep, VerifiedSupplyChain } from "../verify-layout.ts";
import { judgeAttribute } from "./attribute-rules.ts";
import { countVoices, isExpected, readClaims } from "./claims.ts";
import type { Claim } from "./claims.ts";
import type { LayoutDocument } from "./document.ts";
import { parseAttestationLayout } from "./layout.ts";
import type { AttestationLayout, AttestationStep, AttestedSubjects, ExpectedPredicate } from "./layout.ts";
import { artifactsOfClaim, mergeArtifacts } from "./statement.ts";

export interface AttestationQuestion {
  readonly document: LayoutDocument;
  /** Each of them must have signed the layout; without any, it counts because the caller brought it. */
  readonly keys: readonly PublicKey[];
  readonly attestations: AttestationSource;
  /** When the layout's end is judged. */
  readonly at: Instant;
  readonly parameters?: Parameters;
  /** Checks that are off, for a drill. */
  readonly without?: readonly InTotoCode[];
}

/**
 * Verifies a supply chain against a layout over attestations (in-toto ITE-10, ITE-11): each step's predicates are vouched for by
 * those who may, their artifacts follow the rules, their fields do, and products are the subjects of what must be said of them.
 *
 * @returns `undecided` for what cannot be read, and for inspections, which nobody runs.
 */
export async function verifyAttestationLayout(
  crypto: Crypto,
  question: AttestationQuestion,
): Promise<Verdict<VerifiedSupplyChain>> {
  const checks = new Examination<InTotoCode>(question.without);
  try {
    await demandSigned(crypto, question, checks);
    const layout = parseAttestationLayout(question.document.value, question.parameters);
    demandCurrent(layout, question.at, checks);
    const claims = await readClaims(crypto, await question.attestations.list(), layout);
    return allowed(judge(layout, claims, checks));
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", reasons: [error.reason] };
    if (!(error instanceof CustodyError)) throw error;
    const { code, message, subject = "layout" } = error;
    return { kind: "undecided", reasons: [{ code, subject, message }] };
  }
}

type Checks = Examination<InTotoCode>;

async function demandSigned(
  crypto: Crypto,
  { document: { signed }, keys }: AttestationQuestion,
  checks: Checks,
): Promise<void> {
  for (const key of keys) {
    let isGood = false;
    for (const signature of signed?.signatures ?? []) {
      isGood ||= await crypto.verify(key, signature, signed?.covered ?? signature);
    }
    checks.demand(
      isGood,
      "in-toto/layout-unsigned",
      "layout",
      "the layout has no signature of a key that was given",
    );
  }
  const message = "the layout is signed, and no key was given to verify it with";
  checks.demand(!signed || keys.length > 0, "in-toto/layout-unsigned", "layout", message);
}

function demandCurrent(
  { expires, inspections: [inspection] }: AttestationLayout,
  at: Instant,
  checks: Checks,
): void {
  const message = `the layout expired at ${formatInstant(expires)}`;
  checks.demand(at <= expires, "in-toto/layout-expired", "layout", message);
  if (inspection === undefined) return;
  throw inTotoFault("in-toto/no-inspector", `the layout's inspection ${inspection} is not run here`, {
    subject: inspection,
  });
}

function judge(layout: AttestationLayout, claims: readonly Claim[], checks: Checks): VerifiedSupplyChain {
  const links = new Map(layout.steps.map((step) => [step.name, linkOf(step, claims)]));
  const warnings = new Set<string>();
  const judged: Judged = { checks, links, warnings };
  const steps = layout.steps.map((step) => demandStep(step, claims, judged));
  for (const subjects of layout.subjects) demandSubjects(subjects, claims, judged);
  const [first, last] = [layout.steps[0], layout.steps.at(-1)].map((step) => step && links.get(step.name));
  const summary = { materials: first?.materials ?? {}, products: last?.products ?? {} };
  return { summary, steps, warnings: [...warnings] };
}

interface Judged {
  readonly checks: Checks;
  /** What each step took in and gave out, as those say who may vouch for it. */
  readonly links: ReadonlyMap<string, LinkArtifacts>;
  readonly warnings: Set<string>;
}

function linkOf(step: AttestationStep, claims: readonly Claim[]): LinkArtifacts {
  const own = claims.filter(
    (claim) =>
      claim.step === step.name && step.expectedPredicates.some((expected) => isExpected(claim, expected)),
  );
  const all = own.map(({ statement }) => artifactsOfClaim(statement));
  return {
    materials: mergeArtifacts(all.map(({ materials }) => materials)),
    products: mergeArtifacts(all.map(({ products }) => products)),
  };
}

function demandStep(step: AttestationStep, claims: readonly Claim[], judged: Judged): VerifiedStep {
  const own = claims.filter((claim) => claim.step === step.name);
  const functionaries = step.expectedPredicates.flatMap((expected) => {
    const found = own.filter((claim) => isExpected(claim, expected));
    demandVoices(found, expected, step.name, judged.checks);
    const passing = found.filter((claim) => !findFailure(claim, step, expected, judged));
    if (!isEnough(passing, expected)) {
      for (const claim of found) demandHolds(claim, step, expected, judged);
    }
    const agreed = findAgreeing(passing, expected);
    const message = `the functionaries of step ${step.name} do not say the same`;
    const isApart = agreed === undefined && isEnough(passing, expected);
    judged.checks.demand(!isApart, "in-toto/claims-differ", step.name, message);
    return digestsOf(agreed ?? passing, expected);
  });
  return { name: step.name, functionaries: [...new Set(functionaries)] };
}

function demandVoices(
  found: readonly Claim[],
  expected: ExpectedPredicate,
  subject: string,
  checks: Checks,
): void {
  const voices = countVoices(found, expected);
  const { threshold, predicateType } = expected;
  const message = `${subject} needs ${threshold} of those who may to vouch with ${predicateType}, and ${voices} did`;
  checks.demand(voices >= threshold, "in-toto/claim-missing", subject, message);
}

function isEnough(claims: readonly Claim[], expected: ExpectedPredicate): boolean {
  return countVoices(claims, expected) >= expected.threshold;
}

interface Failure {
  readonly code: "in-toto/artifact" | "in-toto/attribute";
  readonly message: string;
}

function findFailure(
  { statement, file }: Claim,
  step: Pick<AttestationStep, "name" | "expectedMaterials" | "expectedProducts"> | undefined,
  { attributes }: ExpectedPredicate,
  { checks, links, warnings }: Judged,
): Failure | undefined {
  const own = artifactsOfClaim(statement);
  const artifact =
    step &&
    (findRuleFailure(step.expectedMaterials, "materials", own, links) ??
      findRuleFailure(step.expectedProducts, "products", own, links));
  if (artifact !== undefined && !checks.without.has("in-toto/artifact"))
    return { code: "in-toto/artifact", message: `${file}: ${artifact}` };
  for (const attribute of attributes) {
    const outcome = judgeAttribute(attribute, statement);
    if (outcome.kind === "warning") warnings.add(`${file}: ${outcome.message}`);
    if (outcome.kind === "failure" && !checks.without.has("in-toto/attribute"))
      return { code: "in-toto/attribute", message: `${file}: ${outcome.message}` };
  }
  return undefined;
}

function demandHolds(claim: Claim, step: AttestationStep, expected: ExpectedPredicate, judged: Judged): void {
  const failure = findFailure(claim, step, expected, judged);
  if (failure) judged.checks.demand(false, failure.code, step.name, failure.message);
}

/** As many as there must be who say the same of materials and products. */
function findAgreeing(claims: readonly Claim[], expected: ExpectedPredicate): readonly Claim[] | undefined {
  const said = claims.map((claim) => ({ claim, link: artifactsOfClaim(claim.statement) }));
  return said
    .map(({ link }) =>
      said.filter((other) => other.link === link || isSameLink(link, other.link)).map(({ claim }) => claim),
    )
    .find((agreeing) => isEnough(agreeing, expected));
}

function digestsOf(
  claims: readonly Claim[],
  { functionaries }: ExpectedPredicate,
): VerifiedStep["functionaries"] {
  return claims.flatMap(({ signers }) => functionaries.flatMap((id) => signers.get(id) ?? []));
}

/** Every product of the steps that a pattern means is a subject of what must be said of it; and there is one. */
function demandSubjects(
  { patterns, expectedPredicates }: AttestedSubjects,
  claims: readonly Claim[],
  judged: Judged,
): void {
  const products = [...judged.links.values()].flatMap((link) => Object.entries(link.products));
  for (const pattern of patterns) {
    const meant = products.filter(([path]) => matchesPattern(pattern, path));
    const message = `no step has a product ${pattern}, of which something must be said`;
    judged.checks.demand(meant.length > 0, "in-toto/subject", pattern, message);
    for (const [path, digest] of meant) {
      const about = claims.filter(({ statement }) =>
        statement.subject.some((subject) => isSameArtifact(subject.digest, digest)),
      );
      for (const expected of expectedPredicates) demandSaid(path, about, expected, judged);
    }
  }
}

function demandSaid(
  path: string,
  about: readonly Claim[],
  expected: ExpectedPredicate,
  judged: Judged,
): void {
  const found = about.filter((claim) => isExpected(claim, expected));
  const voices = countVoices(found, expected);
  const { threshold, predicateType } = expected;
  const missing = `${path} needs ${threshold} of those who may to vouch with ${predicateType}, and ${voices} did`;
  judged.checks.demand(voices >= threshold, "in-toto/subject", path, missing);
  const failures = found.flatMap((claim) => findFailure(claim, undefined, expected, judged) ?? []);
  const passing = found.filter((claim) => !findFailure(claim, undefined, expected, judged));
  const [failure] = isEnough(passing, expected) ? [] : failures;
  judged.checks.demand(!failure, "in-toto/attribute", path, failure?.message ?? "");
}
