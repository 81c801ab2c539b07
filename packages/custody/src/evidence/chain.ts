import { parseObjectId } from "custody/git";
import type { Bytes, Crypto, Digest, Instant, Reason, Verdict } from "custody/ground";
import { allowed, canonicalJson, CustodyError, parseBase64, parseInstant, toHex } from "custody/ground";

import type { StepArtifacts } from "./artifact-rule.ts";
import type { HandOff } from "./attestation-type.ts";
import { applyRules } from "./artifact-rule.ts";
import { demandSignedCommit } from "./commit-signature.ts";
import { Examination, Refusal } from "./examination.ts";
import type { LayoutStep } from "./layout.ts";
import { rulesOf } from "./layout.ts";
import type { RepositoryPolicy } from "./repository-policy.ts";
import type { DigestSet, ResourceDescriptor } from "./statement.ts";
import { hasDigest } from "./statement.ts";
import { compareSightings, sightingOf } from "./sighting.ts";
import type { Sighting } from "./sighting.ts";
import type { StepCandidates, StepEvidence } from "./step-evidence.ts";
import { chooseEvidence, findStepCandidates } from "./step-evidence.ts";
import type { TrustedRoot } from "./trusted-root.ts";
import { source } from "./types/index.ts";
import { sourceStep } from "./types/source.ts";
import type { ExaminedBundle } from "./verify-bundle.ts";
import { examineBundles } from "./verify-bundle.ts";
import { findWithdrawals } from "./withdrawal.ts";

/** Whether this image came, hand-off by hand-off, the way its repository's policy demands. */
export interface ChainQuestion {
  readonly image: Digest;
  readonly policy: RepositoryPolicy;
  /** Bundles as they came; ones that belong to no step are passed over. */
  readonly bundles: readonly Bytes[];
  /** The instant that the layout's expiry is judged at. */
  readonly at: Instant;
  /** Refuses a chain whose commit was seen before this: what was admitted once does not go back. */
  readonly notBefore?: Sighting;
}

/** The name by which layouts and attestations call the image manifest. */
export const imageArtifact = "image";

/** The chain as it was verified: every hand-off with who vouched for it, when, and where in the log. */
export interface VerifiedChain {
  readonly image: Digest;
  readonly repository: string;
  readonly commit: string;
  readonly signer: { readonly name: string; readonly fingerprint: string };
  readonly steps: readonly VerifiedStep[];
  /** Codes of checks that were off; empty for every real decision. */
  readonly without: readonly string[];
}

export interface VerifiedStep {
  readonly name: string;
  readonly predicateType: string;
  readonly identity: string;
  readonly signedAt: Instant;
  readonly logIndex: number | undefined;
  readonly bundle: Digest;
  readonly materials: readonly ResourceDescriptor[];
  readonly products: readonly ResourceDescriptor[];
}

/**
 * Verifies a whole chain against a policy's layout: every required step is there, vouched for by whom it must be, in
 * a trusted log, at a time that counts; each step's products are the next one's materials; nothing else came in.
 *
 * @returns `undecided` when a step is missing and some bundle could not be read: the missing one may be that.
 */
export async function verifyChain(
  crypto: Crypto,
  root: TrustedRoot,
  question: ChainQuestion,
  examination: Examination = new Examination(),
): Promise<Verdict<VerifiedChain>> {
  const examined = await examineBundles(crypto, question.bundles, root, examination);
  return judgeChain(crypto, question, examined, examination);
}

/** As {@link verifyChain}, on bundles that were examined under the trusted root that counts, with these very checks. */
export async function judgeChain(
  crypto: Crypto,
  question: Omit<ChainQuestion, "bundles">,
  examined: readonly ExaminedBundle[],
  examination: Examination,
): Promise<Verdict<VerifiedChain>> {
  const { layout, withdrawers = [] } = question.policy;
  const taken = { withdrawals: findWithdrawals(examined), withdrawers };
  const candidates = layout.steps.map((step) =>
    findStepCandidates(step, examined, { ...taken, examination }),
  );
  const missing = candidates.flatMap((step) => reasonsMissing(step));
  const [first, ...rest] = missing.filter(
    ({ code }) => !examination.without.has(code as "layout/step-missing"),
  );
  if (first) {
    const more = await reasonsOfSource(crypto, question, candidates, examination);
    return explainMissing([first, ...rest, ...more], examined);
  }
  return judge(question.image, () => demandChain(crypto, question, candidates, examination));
}

/** Runs an examination and turns what it throws into a verdict: refusals are values, unreadable evidence is undecided. */
async function judge<Facts>(subject: string, examine: () => Promise<Facts>): Promise<Verdict<Facts>> {
  try {
    return allowed(await examine());
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", reasons: [error.reason] };
    if (!(error instanceof CustodyError)) throw error;
    return { kind: "undecided", reasons: [{ code: error.code, subject, message: error.message }] };
  }
}

function reasonsMissing({ step, accepted, reasons }: StepCandidates): readonly Reason[] {
  if (accepted.length > 0) return [];
  if (reasons.length > 0) return reasons;
  const message = `no attestation vouches for step ${step.name}, which the layout requires`;
  return [{ code: "layout/step-missing", subject: step.name, message }];
}

// Whatever else is missing, whose commit it is still counts: a key that is listed no more is not hidden by a new step.
async function reasonsOfSource(
  crypto: Crypto,
  question: Omit<ChainQuestion, "bundles">,
  candidates: readonly StepCandidates[],
  examination: Examination,
): Promise<readonly Reason[]> {
  const evidence = chooseAll(candidates, question.image).get(sourceStep);
  if (!evidence) return [];
  const verdict = await judge(question.image, () => demandSource(crypto, question, evidence, examination));
  return verdict.kind === "refused" ? verdict.reasons : [];
}

function explainMissing(
  reasons: readonly [Reason, ...Reason[]],
  examined: readonly ExaminedBundle[],
): Verdict<VerifiedChain> {
  const unreadable = examined.flatMap((bundle) => (bundle.kind === "unreadable" ? [bundle.reason] : []));
  const isRefusal = unreadable.length === 0 || reasons.some(({ code }) => code !== "layout/step-missing");
  return isRefusal
    ? { kind: "refused", reasons }
    : { kind: "undecided", reasons: [...reasons, ...unreadable] };
}

async function demandChain(
  crypto: Crypto,
  question: Omit<ChainQuestion, "bundles">,
  candidates: readonly StepCandidates[],
  examination: Examination,
): Promise<VerifiedChain> {
  const { layout, repository } = question.policy;
  const isCurrent = question.at <= parseInstant(layout.expires);
  examination.demand(isCurrent, "layout/expired", repository, `the layout expired at ${layout.expires}`);
  const chosen = chooseAll(candidates, question.image);
  demandThresholds(candidates, chosen, examination);
  demandOneTree(chosen, examination);
  demandNotFailed(candidates, chosen, examination);
  demandSubject(question.image, chosen, examination);
  for (const { step } of candidates) demandRules(step, chosen, examination);
  const { commit, signer } = await demandSource(crypto, question, chosen.get(sourceStep), examination);
  demandOneCommit({ repository, id: commit }, chosen, examination);
  const steps = [...chosen.values()].map(toVerifiedStep);
  return { image: question.image, repository, commit, signer, steps, without: [...examination.without] };
}

// Backwards from the image: what a later step took in says which attestation of an earlier step is meant. Steps that
// hand nothing on (tests) are chosen last, by what the others produced.
export function chooseAll(candidates: readonly StepCandidates[], image: Digest): Map<string, StepEvidence> {
  const found = new Map<string, StepEvidence>();
  const wanted: ResourceDescriptor[] = [{ name: imageArtifact, digest: digestSetOf(image) }];
  let commit: HandOff["commit"];
  const choose = (step: StepCandidates, from: readonly ResourceDescriptor[]): void => {
    const evidence = chooseEvidence(step, from, commit);
    if (evidence) found.set(step.step.name, evidence);
    commit ??= evidence?.handOff.commit;
    wanted.push(...(evidence?.handOff.materials ?? []));
  };
  const [making, judging] = partition(candidates, ({ accepted }) =>
    accepted.some(({ handOff }) => handOff.products.length > 0),
  );
  for (const step of making.toReversed()) choose(step, wanted);
  const made = [...found.values()].flatMap(({ handOff }) => handOff.products);
  for (const step of judging) choose(step, made);
  return new Map(
    candidates.flatMap(({ step }) => {
      const evidence = found.get(step.name);
      return evidence ? [[step.name, evidence] as const] : [];
    }),
  );
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

function digestSetOf(digest: Digest): DigestSet {
  return { sha256: digest.slice("sha256:".length) };
}

// Two signatures of one functionary are one voice, and only voices that say the same count together.
function demandThresholds(
  candidates: readonly StepCandidates[],
  chosen: ReadonlyMap<string, StepEvidence>,
  examination: Examination,
): void {
  for (const { step, accepted } of candidates) {
    const evidence = chosen.get(step.name);
    const agreeing = accepted.filter(({ handOff }) => isSameHandOff(handOff, evidence?.handOff));
    const voices = new Set(agreeing.map(({ bundle }) => bundle.identity)).size;
    const { threshold } = step.expectedPredicate;
    examination.demand(
      !evidence || voices >= threshold,
      "layout/threshold",
      step.name,
      `${voices} of ${threshold} functionaries agree on step ${step.name}`,
    );
  }
}

function isSameHandOff(a: StepArtifacts, b: StepArtifacts | undefined): boolean {
  const text = ({ materials, products }: StepArtifacts): string =>
    toHex(
      canonicalJson([materials, products].map((list) => list.map(({ name, digest }) => ({ name, digest })))),
    );
  return b !== undefined && text(a) === text(b);
}

// What passed once and failed since, over the same artifacts, has failed.
function demandNotFailed(
  candidates: readonly StepCandidates[],
  chosen: ReadonlyMap<string, StepEvidence>,
  examination: Examination,
): void {
  for (const { step, failures } of candidates) {
    const evidence = chosen.get(step.name);
    const since = failures.filter(
      (failure) =>
        evidence &&
        compareSightings(sightingOf(failure.bundle), sightingOf(evidence.bundle)) > 0 &&
        isSameHandOff(failure.handOff, evidence.handOff),
    );
    examination.demand(
      since.length === 0,
      "evidence/failed-since",
      step.name,
      `step ${step.name} passed, and has failed since over the same artifacts`,
    );
  }
}

// Two commits of one tree build the same bytes; whose build it was is still to be said truly.
function demandOneCommit(
  { repository, id }: NonNullable<HandOff["commit"]>,
  chosen: ReadonlyMap<string, StepEvidence>,
  examination: Examination,
): void {
  for (const { step, handOff } of chosen.values()) {
    const named = handOff.commit;
    examination.demand(
      named === undefined || (named.id === id && named.repository === repository),
      "evidence/commit-mismatch",
      step,
      `step ${step} was done for commit ${named?.id ?? ""} of ${named?.repository ?? ""}`,
    );
  }
}

// A log that signs two trees of one size shows different people different logs; two bundles of one chain can show it.
function demandOneTree(chosen: ReadonlyMap<string, StepEvidence>, examination: Examination): void {
  const roots = new Map<string, string>();
  for (const { step, bundle } of chosen.values()) {
    if (!bundle.logged) continue;
    const { origin, tree } = bundle.logged;
    const key = `${origin} ${tree.size}`;
    const root = toHex(tree.rootHash);
    examination.demand(
      (roots.get(key) ?? root) === root,
      "evidence/log-forked",
      step,
      `the log ${origin} signed two different trees of ${tree.size} entries`,
    );
    roots.set(key, root);
  }
}

function demandSubject(
  image: Digest,
  chosen: ReadonlyMap<string, StepEvidence>,
  examination: Examination,
): void {
  const claims = [...chosen.values()].flatMap(({ step, handOff }) =>
    [...handOff.products, ...handOff.materials]
      .filter(({ name }) => name === imageArtifact)
      .map((artifact) => ({ step, artifact })),
  );
  const other = claims.find(({ artifact }) => !hasDigest(artifact.digest, image));
  examination.demand(
    claims.length > 0 && !other,
    "evidence/subject-mismatch",
    image,
    other ? `step ${other.step} vouches for another image` : "no step vouches for the image",
  );
}

/** What the artifact rules say against each step's evidence, all of it and not only the first. */
export async function judgeRules(
  candidates: readonly StepCandidates[],
  chosen: ReadonlyMap<string, StepEvidence>,
  examination: Examination,
): Promise<readonly Reason[]> {
  const verdicts = await Promise.all(
    candidates.map(({ step }) => judge(step.name, async () => demandRules(step, chosen, examination))),
  );
  return verdicts.flatMap((verdict) => (verdict.kind === "allowed" ? [] : verdict.reasons));
}

function demandRules(
  step: LayoutStep,
  chosen: ReadonlyMap<string, StepEvidence>,
  examination: Examination,
): void {
  const own = chosen.get(step.name)?.handOff;
  if (!own) return;
  const others = new Map([...chosen].map(([name, { handOff }]) => [name, handOff]));
  const failures = [
    ...applyRules(rulesOf(step.expectedMaterials), "materials", own, others),
    ...applyRules(rulesOf(step.expectedProducts), "products", own, others),
  ];
  for (const { code, message } of failures) {
    examination.demand(false, code, step.name, `step ${step.name}: ${message}`);
  }
}

async function demandSource(
  crypto: Crypto,
  { policy, notBefore }: Omit<ChainQuestion, "bundles">,
  evidence: StepEvidence | undefined,
  examination: Examination,
): Promise<Pick<VerifiedChain, "commit" | "signer">> {
  examination.demand(!!evidence, "layout/step-missing", sourceStep, "no attestation says whose commit it is");
  if (!evidence) return { commit: "none", signer: { name: "nobody", fingerprint: "none" } };
  const { commit, repository } = source.parse(evidence.bundle.statement.predicate);
  const id = parseObjectId(commit.id);
  examination.demand(
    repository === policy.repository &&
      evidence.handOff.products.some(({ digest }) => digest["gitCommit"] === id),
    "source/commit-mismatch",
    id,
    "the source attestation is about another commit or repository than it carries",
  );
  const object = parseBase64(commit.object);
  const firstSeen = evidence.bundle.signedAt;
  const { signer } = await demandSignedCommit(crypto, { id, object, firstSeen }, policy, examination);
  examination.demand(
    notBefore === undefined || compareSightings(sightingOf(evidence.bundle), notBefore) >= 0,
    "gate/rolled-back",
    id,
    "a later commit of this repository was already admitted; an older chain does not come back",
  );
  return { commit: id, signer };
}

function toVerifiedStep({ step, bundle, handOff }: StepEvidence): VerifiedStep {
  return {
    name: step,
    predicateType: bundle.statement.predicateType,
    identity: bundle.identity,
    signedAt: bundle.signedAt,
    logIndex: bundle.logged?.index,
    bundle: bundle.digest,
    materials: handOff.materials,
    products: handOff.products,
  };
}
