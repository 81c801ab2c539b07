import type { SignedCommit } from "custody/evidence";
import type { ImageRecord, Pipeline, PipelineStep, Product, StepRecord } from "custody/factory";
import type { Digest } from "custody/ground";
import { formatInstant } from "custody/ground";
import { artifactNames, artifactsOf } from "custody/policy";
import type { GateFacts } from "custody/policy";

import type { Delivery } from "../delivery.ts";
import type { ControlPorts } from "../context.ts";
import type { AttestationRecord } from "../ports.ts";

/* What the gates of a delivery are told at each hand-off. */

type SubjectFacts = Pick<GateFacts<"build">, "at" | "repository" | "commit">;

/** What every gate is told: when, and about which commit of which repository. */
export function subjectFacts(
  { clock }: Pick<ControlPorts, "clock">,
  { repository, commit }: Delivery,
): SubjectFacts {
  return { at: formatInstant(clock.now()), repository, commit };
}

/** What the source gate is told besides of a commit that was verified, and so was read. */
export function verifiedSourceFacts(
  id: string,
  { commit, signer }: SignedCommit,
  pipeline: Pipeline,
): Pick<GateFacts<"source">, "commit" | "signer" | "pipeline"> {
  const { tree, parents, author, committer, subject } = commit;
  return {
    commit: { id, tree, parents: [...parents], author, committer, subject },
    signer: { ...signer },
    pipeline: {
      name: pipeline.name,
      steps: pipeline.steps.map(stepFacts),
      stemcells: Object.entries(pipeline.stemcells).map(([name, { suite, packages }]) => ({
        name,
        suite,
        packages: [...packages],
      })),
    },
  };
}

function stepFacts(step: PipelineStep): GateFacts<"build">["step"] {
  const { name, kind, stemcell, inputs, outputs, networkHosts } = step;
  return {
    name,
    kind,
    stemcell,
    inputs: [...inputs],
    outputs: [...outputs],
    networkHosts: [...networkHosts],
  };
}

/** What the build gate is told of a step that has succeeded. */
export function buildFacts(
  subject: SubjectFacts,
  step: PipelineStep,
  { isolation, network, materials, products, startedAt, finishedAt }: StepRecord,
): GateFacts<"build"> {
  const { level, without, runtime, kernel } = isolation;
  return {
    ...subject,
    step: stepFacts(step),
    startedOn: formatInstant(startedAt),
    finishedOn: formatInstant(finishedAt),
    isolation: { level, without: [...without], runtime: { ...runtime }, kernel },
    network: network.map(({ host, decision, reason }) => ({ host, decision, reason })),
    materials: materials.map(({ name, digest }) => ({ name, digest })),
    products: products.map(({ name, path, digest, sizeBytes }) => ({ name, path, digest, sizeBytes })),
  };
}

interface PackagedFrom {
  readonly stemcell: { readonly name: string; readonly digest: Digest };
  readonly products: Readonly<Record<string, readonly Product[]>>;
  readonly architecture: string;
}

/** What the package gate is told of an image that was made, and nobody has vouched for yet. */
export function packageFacts(
  subject: SubjectFacts,
  { manifest, layers, materials, settings }: ImageRecord,
  { stemcell, products, architecture }: PackagedFrom,
): GateFacts<"package"> {
  return {
    ...subject,
    image: {
      digest: manifest.digest,
      architecture,
      user: settings.user,
      entrypoint: [...settings.entrypoint],
      layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, sizeBytes: size })),
    },
    stemcell: { name: artifactNames.stemcell(stemcell.name), digest: stemcell.digest },
    materials: materials.map(({ name, digest }) => ({ name, digest })),
    products: Object.values(products)
      .flat()
      .map(({ name, digest }) => ({ name, digest })),
  };
}

/** What the publish gate is told before an image is pushed. */
export function publishFacts(
  subject: SubjectFacts,
  image: Digest,
  tags: readonly string[],
  records: readonly AttestationRecord[],
): GateFacts<"publish"> {
  return {
    ...subject,
    image,
    tags: [...tags],
    attestations: records.map(({ step = "", predicateType, identity, products }) => ({
      step,
      predicateType,
      identity,
      products: artifactsOf(products),
    })),
  };
}
