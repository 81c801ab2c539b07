import * as v from "valibot";

import type { AttestationType, HandOff } from "../attestation-type.ts";
import { predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { artifactsOf, listOf, nameShape, resourceShape, textShape } from "../predicate-shapes.ts";

const shape = v.object({
  buildDefinition: v.object({
    buildType: nameShape,
    externalParameters: v.looseObject({
      step: v.optional(v.string()),
      repository: v.optional(v.string()),
      commit: v.optional(v.string()),
    }),
    internalParameters: v.nullish(v.record(v.string(), v.unknown()), {}),
    resolvedDependencies: v.nullish(listOf(resourceShape), []),
  }),
  runDetails: v.object({
    builder: v.object({ id: nameShape, version: v.nullish(v.record(v.string(), v.string())) }),
    metadata: v.nullish(
      v.object({
        invocationId: v.nullish(textShape),
        startedOn: v.nullish(textShape),
        finishedOn: v.nullish(textShape),
      }),
    ),
    byproducts: v.nullish(listOf(v.looseObject({})), []),
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
    materials: artifactsOf(buildDefinition.resolvedDependencies),
    products: subject,
    weakened: custody_isolation?.without ?? [],
    commit: commitOf(buildDefinition.externalParameters),
  }),
  render: (subject, { buildDefinition, runDetails }) => {
    const { externalParameters, resolvedDependencies } = buildDefinition;
    const step =
      externalParameters.step === undefined ? "" : ` in step ${shortText(externalParameters.step)}`;
    return (
      `${shortText(runDetails.builder.id)} made ${shortText(subject[0]?.name ?? "")} (${shortDigest(subject[0])})` +
      `${step} from ${resolvedDependencies.length} materials`
    );
  },
};
