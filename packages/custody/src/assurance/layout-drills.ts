import type { RepositoryPolicy, Statement } from "custody/evidence";
import { describeFunctionary, provenance, testResult } from "custody/evidence";
import type { Json, Verdict } from "custody/ground";
import { formatInstant, instantOf } from "custody/ground";
import { artifactNames, identitiesOf } from "custody/policy";
import type { SpiffeId } from "custody/spiffe";

import type { ChainScene, Drill } from "./drill.ts";
import { ask, exchange, getBundle, resign } from "./forge.ts";

const otherHex = "d".repeat(64);

/** Attacks on the chain as a whole: hand-offs left out, swapped or added by someone who may sign single ones. */
export const layoutDrills: readonly Drill<ChainScene>[] = [
  {
    name: "a required step skipped",
    code: "layout/step-missing",
    attempt: async (scene, without) => {
      const { bytes } = await getBundle(scene, stepIdOf(scene, testStepOf(scene.question.policy)));
      return ask(scene, exchange(scene, bytes, []), without);
    },
  },
  {
    name: "a step's output swapped before packaging",
    code: "layout/artifact-mismatch",
    attempt: (scene, without) => {
      const steps = new Set(scene.question.policy.layout.steps.map(({ name }) => name));
      const isOutput = (name: string): boolean => steps.has(name.split("/", 1)[0] ?? "");
      return withMaterial(scene, without, (name) => isOutput(name) && !name.startsWith("stemcell/"));
    },
  },
  {
    name: "source changed between checkout and build",
    code: "layout/artifact-mismatch",
    attempt: (scene, without) => withBuildMaterial(scene, without, artifactNames.source),
  },
  {
    name: "a file packaged that no step made",
    code: "layout/artifact-unexpected",
    attempt: async (scene, without) => {
      const extra = { name: "backdoor", digest: { sha256: otherHex } };
      return ask(scene, await resignPackage(scene, (materials) => [...materials, extra]), without);
    },
  },
  {
    name: "an image packaged without its stemcell on record",
    code: "layout/artifact-missing",
    attempt: async (scene, without) => {
      const drop = (materials: readonly Material[]): Material[] =>
        materials.filter(({ name }) => !name.startsWith("stemcell/"));
      return ask(scene, await resignPackage(scene, drop), without);
    },
  },
  {
    name: "one functionary's voice counted twice",
    code: "layout/threshold",
    attempt: (scene, without) => withThresholdTwo(scene, without),
  },
  {
    name: "a test that passed, and failed since",
    code: "evidence/failed-since",
    attempt: async (scene, without) => {
      const id = stepIdOf(scene, testStepOf(scene.question.policy));
      const { verified } = await getBundle(scene, id);
      const predicate = { ...testResult.parse(verified.statement.predicate), result: "FAILED" } as Json;
      const failed = await scene.attest(id, { ...verified.statement, predicate });
      return ask(scene, { ...scene.question, bundles: [...scene.question.bundles, failed.bytes] }, without);
    },
  },
  {
    name: "the build of another commit with the same files",
    code: "evidence/commit-mismatch",
    attempt: async (scene, without) => {
      const id = stepIdOf(scene, buildStepOf(scene.question.policy));
      const question = await resign(scene, id, (statement) =>
        ofCommit(statement, scene.question.policy.repository),
      );
      return ask(scene, question, without);
    },
  },
  {
    name: "a layout past its time",
    code: "layout/expired",
    attempt: (scene, without) => {
      const { policy, at } = scene.question;
      const layout = { ...policy.layout, expires: formatInstant(instantOf(at - 1)) };
      return ask(scene, { ...scene.question, policy: { ...policy, layout } }, without);
    },
  },
  {
    name: "an older, valid chain replayed after a later commit was admitted",
    code: "gate/rolled-back",
    attempt: async (scene, without) => {
      const ids = identitiesOf(scene.authorities.trustDomain);
      const { verified } = await getBundle(scene, ids.source(scene.question.policy.repository));
      const { signedAt, logged } = verified;
      const notBefore = { signedAt, logIndex: (logged?.index ?? 0) + 1 };
      return ask(scene, { ...scene.question, notBefore }, without);
    },
  },
];

interface Material {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
}

function stepIdOf({ authorities, question }: ChainScene, step: string): SpiffeId {
  return identitiesOf(authorities.trustDomain).step(question.policy.repository, step);
}

function testStepOf({ layout }: RepositoryPolicy): string {
  const step = layout.steps.find(
    ({ expectedPredicate }) => expectedPredicate.predicateType === testResult.predicateType,
  );
  return step?.name ?? "";
}

function buildStepOf({ repository, layout }: RepositoryPolicy): string {
  const step = layout.steps.find(({ expectedPredicate: { functionaries } }) =>
    functionaries.some((one) => describeFunctionary(one).includes(`/repository/${repository}/step/`)),
  );
  return step?.name ?? "";
}

function swapped(materials: readonly Material[], isTarget: (name: string) => boolean): Material[] {
  return materials.map((material) =>
    isTarget(material.name) ? { ...material, digest: { sha256: otherHex } } : material,
  );
}

async function withMaterial(
  scene: ChainScene,
  without: readonly string[],
  isTarget: (name: string) => boolean,
): Promise<Verdict<unknown>> {
  return ask(scene, await resignPackage(scene, (materials) => swapped(materials, isTarget)), without);
}

async function withBuildMaterial(
  scene: ChainScene,
  without: readonly string[],
  artifact: string,
): Promise<Verdict<unknown>> {
  const id = stepIdOf(scene, buildStepOf(scene.question.policy));
  const question = await resign(scene, id, (statement) =>
    changeMaterials(statement, (materials) => swapped(materials, (name) => name === artifact)),
  );
  return ask(scene, question, without);
}

function resignPackage(
  scene: ChainScene,
  change: (materials: readonly Material[]) => Material[],
): ReturnType<typeof resign> {
  const id = identitiesOf(scene.authorities.trustDomain).package(scene.question.policy.repository);
  return resign(scene, id, (statement) => changeMaterials(statement, change));
}

function ofCommit(statement: Statement, repository: string): Statement {
  const predicate = provenance.parse(statement.predicate);
  const { buildDefinition } = predicate;
  const other = { repository, commit: "e".repeat(40) };
  const externalParameters = { ...buildDefinition.externalParameters, ...other };
  const changed: unknown = { ...predicate, buildDefinition: { ...buildDefinition, externalParameters } };
  return { ...statement, predicate: changed as Json };
}

function changeMaterials(
  statement: Statement,
  change: (materials: readonly Material[]) => Material[],
): Statement {
  const predicate = provenance.parse(statement.predicate);
  const { buildDefinition } = predicate;
  const resolvedDependencies = change(buildDefinition.resolvedDependencies);
  const changed: unknown = { ...predicate, buildDefinition: { ...buildDefinition, resolvedDependencies } };
  return { ...statement, predicate: changed as Json };
}

// The layout wants two functionaries for the package; the attacker is one of them and signs twice.
async function withThresholdTwo(scene: ChainScene, without: readonly string[]): Promise<Verdict<unknown>> {
  const ids = identitiesOf(scene.authorities.trustDomain);
  const own = ids.package(scene.question.policy.repository);
  const { policy } = scene.question;
  const steps = policy.layout.steps.map((step) =>
    step.name === "package"
      ? {
          ...step,
          expectedPredicate: { ...step.expectedPredicate, functionaries: [own, ids.gate], threshold: 2 },
        }
      : step,
  );
  const { verified } = await getBundle(scene, own);
  const second = await scene.attest(own, verified.statement);
  const bundles = [...scene.question.bundles, second.bytes];
  return ask(
    scene,
    { ...scene.question, bundles, policy: { ...policy, layout: { ...policy.layout, steps } } },
    without,
  );
}
