import type { AllowedSigner, RepositoryPolicy, SourcePredicate, Statement } from "custody/evidence";
import { provenance, source } from "custody/evidence";
import { objectIdOf } from "custody/git";
import type { Json, Verdict } from "custody/ground";
import { formatInstant, instantOf, parseBase64, toBase64 } from "custody/ground";
import { identitiesOf } from "custody/policy";
import type { GateQuestion } from "custody/policy";
import type { SpiffeId } from "custody/spiffe";

import type { ChainScene, Drill, RawCommit } from "./drill.ts";
import { ask, getBundle, resign, verifiedBundles } from "./forge.ts";

/** Attacks on the first hand-off: whose commit it is. The attacker holds the certificate of the source intake itself. */
export const sourceDrills: readonly Drill<ChainScene>[] = [
  {
    name: "a commit that nobody signed",
    code: "source/unsigned",
    attempt: (scene, without) => withCommit(scene, scene.commits.unsigned, without),
  },
  {
    name: "a commit signed by a key that the policy does not list",
    code: "source/signer-not-listed",
    attempt: (scene, without) => withCommit(scene, scene.commits.stranger, without),
  },
  {
    name: "a commit first seen before its signer's key began to count",
    code: "source/key-not-yet-valid",
    attempt: (scene, without) =>
      withSigner(scene, without, (signer, seen) => ({
        ...signer,
        validFor: { ...signer.validFor, start: formatInstant(instantOf(seen + 1)) },
      })),
  },
  {
    name: "a commit first seen after its signer's key ran out",
    code: "source/key-expired",
    attempt: (scene, without) =>
      withSigner(scene, without, (signer, seen) => ({
        ...signer,
        validFor: { ...signer.validFor, end: before(seen) },
      })),
  },
  {
    name: "a commit first seen after its signer's key was retired",
    code: "source/key-retired",
    attempt: (scene, without) =>
      withSigner(scene, without, (signer, seen) => ({ ...signer, retiredAt: before(seen) })),
  },
  {
    name: "a commit object altered after it was signed, under its new id",
    code: "source/signature-invalid",
    attempt: async (scene, without) => withCommit(scene, await alterCommit(scene), without),
  },
  {
    name: "another good commit shown under this commit's id",
    code: "source/commit-mismatch",
    attempt: async (scene, without) =>
      withCommit(scene, { ...scene.commits.other, id: (await commitOf(scene)).id }, without),
  },
];

function before(milliseconds: number): string {
  return formatInstant(instantOf(milliseconds - 1));
}

async function withCommit(
  scene: ChainScene,
  commit: RawCommit,
  without: readonly string[],
): Promise<Verdict<unknown>> {
  const question = await questionWithCommit(scene, { id: commit.id, object: toBase64(commit.object) });
  return ask(scene, await buildsOf(scene, question, commit.id), without);
}

/** The question with every build made to name the commit: the attacker has the whole factory, and not the signer. */
async function buildsOf(scene: ChainScene, question: GateQuestion, commit: string): Promise<GateQuestion> {
  const bundles = [...question.bundles];
  for (const { bytes, verified } of await verifiedBundles(scene)) {
    const at = bundles.indexOf(bytes);
    const changed = at < 0 ? undefined : naming(verified.statement, commit);
    if (changed) bundles[at] = (await scene.attest(verified.identity as SpiffeId, changed)).bytes;
  }
  return { ...question, bundles };
}

function naming(statement: Statement, commit: string): Statement | undefined {
  if (statement.predicateType !== provenance.predicateType) return undefined;
  const predicate = provenance.parse(statement.predicate);
  const { buildDefinition } = predicate;
  if (buildDefinition.externalParameters.commit === undefined) return undefined;
  const externalParameters = { ...buildDefinition.externalParameters, commit };
  const changed: unknown = { ...predicate, buildDefinition: { ...buildDefinition, externalParameters } };
  return { ...statement, predicate: changed as Json };
}

function questionWithCommit(scene: ChainScene, commit: SourcePredicate["commit"]): Promise<GateQuestion> {
  const identity = identitiesOf(scene.authorities.trustDomain).source(scene.question.policy.repository);
  return resign(scene, identity, (statement) => {
    const predicate: SourcePredicate = { ...source.parse(statement.predicate), commit };
    const subject = statement.subject.map((artifact) =>
      artifact.name === "commit" ? { ...artifact, digest: { gitCommit: commit.id } } : artifact,
    );
    return { ...statement, subject, predicate: predicate as unknown as Json };
  });
}

// One letter of the message changes; the attacker computes the new object's id, so that it is a commit like any other.
async function alterCommit(scene: ChainScene): Promise<RawCommit> {
  const object = parseBase64((await commitOf(scene)).object);
  const last = object.length - 2;
  object[last] = (object[last] ?? 0) ^ 1;
  return { id: objectIdOf("commit", object), object };
}

async function withSigner(
  scene: ChainScene,
  without: readonly string[],
  change: (signer: AllowedSigner, firstSeen: number) => AllowedSigner,
): Promise<Verdict<unknown>> {
  const { signedAt } = (await getSource(scene)).verified;
  const { policy } = scene.question;
  const changed: RepositoryPolicy = {
    ...policy,
    signers: policy.signers.map((signer) => change(signer, signedAt)),
  };
  return ask(scene, { ...scene.question, policy: changed }, without);
}

function getSource(scene: ChainScene): ReturnType<typeof getBundle> {
  return getBundle(
    scene,
    identitiesOf(scene.authorities.trustDomain).source(scene.question.policy.repository),
  );
}

async function commitOf(scene: ChainScene): Promise<SourcePredicate["commit"]> {
  return source.parse((await getSource(scene)).verified.statement.predicate).commit;
}
