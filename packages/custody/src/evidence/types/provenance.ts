import * as v from "valibot";

import type { AttestationType, HandOff } from "../attestation-type.ts";
import { predicateParser, shortDigest } from "../attestation-type.ts";
import { digestSetShape } from "../statement.ts";

const descriptorShape = v.object({
  name: v.optional(v.string(), ""),
  uri: v.optional(v.string()),
  digest: digestSetShape,
});

const shape = v.object({
  buildDefinition: v.object({
    buildType: v.string(),
    externalParameters: v.looseObject({
      step: v.optional(v.string()),
      repository: v.optional(v.string()),
      commit: v.optional(v.string()),
    }),
    internalParameters: v.optional(v.record(v.string(), v.unknown()), {}),
    resolvedDependencies: v.optional(v.pipe(v.array(descriptorShape), v.maxLength(10_000)), []),
  }),
  runDetails: v.object({
    builder: v.object({ id: v.string(), version: v.optional(v.record(v.string(), v.string())) }),
    metadata: v.optional(
      v.object({
        invocationId: v.optional(v.string()),
        startedOn: v.optional(v.string()),
        finishedOn: v.optional(v.string()),
      }),
      {},
    ),
    byproducts: v.optional(v.array(descriptorShape), []),
  }),
  /** Vendor extension (SLSA v1 "Extension fields"): how the step was isolated. */
  custody_isolation: v.optional(
    v.looseObject({ level: v.string(), without: v.optional(v.array(v.string()), []) }),
  ),
});

export type ProvenancePredicate = v.InferOutput<typeof shape>;

function commitOf({
  repository,
  commit,
}: {
  repository?: string | undefined;
  commit?: string | undefined;
}): HandOff["commit"] {
  return repository === undefined || commit === undefined ? undefined : { repository, id: commit };
}

/** SLSA provenance v1: how an artifact was made, from what, by whom (slsa.dev/spec/v1.0/provenance). */
export const provenance: AttestationType<ProvenancePredicate> = {
  name: "provenance",
  predicateType: "https://slsa.dev/provenance/v1",
  shape,
  parse: predicateParser("SLSA provenance", shape),
  handOff: (subject, { buildDefinition, custody_isolation }) => ({
    step: buildDefinition.externalParameters.step,
    materials: buildDefinition.resolvedDependencies,
    products: subject,
    weakened: custody_isolation?.without ?? [],
    commit: commitOf(buildDefinition.externalParameters),
  }),
  render: (subject, { buildDefinition, runDetails }) =>
    `${runDetails.builder.id} made ${subject[0]?.name} (${shortDigest(subject[0])}) in step ` +
    `${buildDefinition.externalParameters.step ?? "?"} from ${buildDefinition.resolvedDependencies.length} materials`,
};
