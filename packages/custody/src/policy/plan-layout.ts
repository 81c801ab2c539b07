import type { Layout, LayoutStep, OutsideFunctionary } from "custody/evidence";
import { imageArtifact, link, provenance, release, source, testResult } from "custody/evidence";
import type { Instant } from "custody/ground";
import { formatInstant } from "custody/ground";
import type { SpiffeId, TrustDomain } from "custody/spiffe";

import { identitiesOf } from "./identities.ts";

/** What of a pipeline a layout holds it to: its steps, what each is fed from, and what the image is made of. */
export interface PipelineOutline {
  readonly repository: string;
  readonly steps: readonly {
    readonly name: string;
    readonly kind: "build" | "test";
    readonly stemcell: string;
    readonly inputs: readonly string[];
  }[];
  readonly outside: readonly ({ readonly name: string } & OutsideFunctionary)[];
  readonly image: { readonly stemcell: string; readonly from: readonly string[] };
}

/** Artifact names: how attestations and layouts call what is handed on. */
export const artifactNames = {
  /** The exported tree of the commit, as a deterministic tar. */
  source: "source",
  image: imageArtifact,
  stemcell: (name: string): string => `stemcell/${name}`,
  output: (step: string, path: string): string => `${step}/${path}`,
  /** What the step ran: its script, from the pipeline of the signed commit. */
  script: (step: string): string => `script/${step}`,
  /** What a step fetched over plain HTTP. */
  network: (host: string): string => `network/${host}`,
};

/**
 * The layout that holds every later delivery to this outline: the same steps, the same flow of artifacts, each step
 * vouched for by its own identity, and nothing from anywhere else.
 */
export function planLayout(trustDomain: TrustDomain, outline: PipelineOutline, expires: Instant): Layout {
  const ids = identitiesOf(trustDomain);
  const { repository, image } = outline;
  const stemcells = [...new Set([...outline.steps.map(({ stemcell }) => stemcell), image.stemcell])].sort();
  return {
    expires: formatInstant(expires),
    steps: [
      sourceStep(ids.source(repository)),
      ...stemcells.map((name) => stemcellStep(name, ids.stemcell)),
      ...outline.steps.map((step) => pipelineStep(step, ids.step(repository, step.name))),
      ...outline.outside.map(outsideStep),
      packageStep(image, ids.package(repository)),
      publishStep(ids.publish(repository)),
    ],
  };
}

function vouchedBy(functionary: SpiffeId, predicateType: string): LayoutStep["expectedPredicate"] {
  return { predicateType, functionaries: [functionary], threshold: 1 };
}

const nothing = ["DISALLOW *"];

function sourceStep(functionary: SpiffeId): LayoutStep {
  return {
    name: "source",
    expectedMaterials: nothing,
    expectedProducts: [
      `REQUIRE ${artifactNames.source}`,
      `CREATE ${artifactNames.source}`,
      "CREATE commit",
      ...nothing,
    ],
    expectedPredicate: vouchedBy(functionary, source.predicateType),
  };
}

function stemcellStep(name: string, functionary: SpiffeId): LayoutStep {
  const artifact = artifactNames.stemcell(name);
  return {
    name: artifact,
    expectedMaterials: ["ALLOW pkg:deb/*", "ALLOW recipe", ...nothing],
    expectedProducts: [`REQUIRE ${artifact}`, `CREATE ${artifact}`, ...nothing],
    expectedPredicate: vouchedBy(functionary, provenance.predicateType),
  };
}

function pipelineStep(step: PipelineOutline["steps"][number], functionary: SpiffeId): LayoutStep {
  const { name, kind, stemcell, inputs } = step;
  const products = kind === "build" ? [`CREATE ${name}/*`, ...nothing] : nothing;
  return {
    name,
    expectedMaterials: [
      `REQUIRE ${artifactNames.source}`,
      `MATCH ${artifactNames.source} WITH PRODUCTS FROM source`,
      ...stemcellRules(stemcell),
      ...inputs.flatMap(inputRules),
      `ALLOW ${artifactNames.script(name)}`,
      "ALLOW network/*",
      ...nothing,
    ],
    expectedProducts: products,
    expectedPredicate: vouchedBy(
      functionary,
      kind === "build" ? provenance.predicateType : testResult.predicateType,
    ),
  };
}

function stemcellRules(stemcell: string): string[] {
  const artifact = artifactNames.stemcell(stemcell);
  return [`REQUIRE ${artifact}`, `MATCH ${artifact} WITH PRODUCTS FROM ${artifact}`];
}

// It judges the very source that everything here is made of; what else it took in is its own affair, and nothing that it made
// can go any further under its own name.
function outsideStep({ name, identity, issuer }: PipelineOutline["outside"][number]): LayoutStep {
  return {
    name,
    expectedMaterials: [
      `REQUIRE ${artifactNames.source}`,
      `MATCH ${artifactNames.source} WITH PRODUCTS FROM source`,
      `DISALLOW ${artifactNames.source}`,
      "ALLOW *",
      ...nothing,
    ],
    // One that makes nothing is about what it looked at.
    expectedProducts: [
      `MATCH ${artifactNames.source} WITH MATERIALS FROM ${name}`,
      `ALLOW ${name}/*`,
      ...nothing,
    ],
    expectedPredicate: {
      predicateType: link.predicateType,
      functionaries: [{ identity, issuer }],
      threshold: 1,
    },
  };
}

// Something of each input must have come in, and only what its step made.
function inputRules(step: string): string[] {
  return [`REQUIRE ${step}/*`, `MATCH ${step}/* WITH PRODUCTS FROM ${step}`];
}

function packageStep({ stemcell, from }: PipelineOutline["image"], functionary: SpiffeId): LayoutStep {
  const { image } = artifactNames;
  return {
    name: "package",
    expectedMaterials: [...stemcellRules(stemcell), ...from.flatMap(inputRules), ...nothing],
    expectedProducts: [`REQUIRE ${image}`, `CREATE ${image}`, ...nothing],
    expectedPredicate: vouchedBy(functionary, provenance.predicateType),
  };
}

function publishStep(functionary: SpiffeId): LayoutStep {
  const { image } = artifactNames;
  const fromPackage = [`REQUIRE ${image}`, `MATCH ${image} WITH PRODUCTS FROM package`, ...nothing];
  return {
    name: "publish",
    expectedMaterials: fromPackage,
    expectedProducts: fromPackage,
    expectedPredicate: vouchedBy(functionary, release.predicateType),
  };
}
