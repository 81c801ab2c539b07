import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { artifactsOf, listOf, nameShape, referenceShape, textShape } from "../predicate-shapes.ts";

const shape = v.object({
  builder: v.object({ id: nameShape }),
  buildType: nameShape,
  invocation: v.nullish(
    v.object({
      configSource: v.nullish(v.object({ ...referenceShape.entries, entryPoint: v.nullish(textShape) })),
    }),
  ),
  materials: v.nullish(listOf(referenceShape), []),
});

export type ProvenanceV02Predicate = v.InferOutput<typeof shape>;

/** SLSA provenance v0.2, for what was attested before v1 (slsa.dev/provenance/v0.2). It names no step: no chain counts it. */
export const provenanceV02: AttestationType<ProvenanceV02Predicate> = {
  name: "provenance-v0.2",
  predicateType: "https://slsa.dev/provenance/v0.2",
  shape,
  parse: predicateParser("SLSA provenance v0.2", shape),
  handOff: (subject, { materials }) => ({
    step: undefined,
    materials: artifactsOf(materials),
    products: subject,
    weakened: [],
  }),
  render: (subject, { builder, invocation, materials }) => {
    const source = invocation?.configSource?.uri ?? undefined;
    return (
      `${shortText(builder.id)} made ${shortText(subject[0]?.name ?? "")} (${shortDigest(subject[0])}) ` +
      `from ${materials.length} materials` +
      (source === undefined ? "" : `, as ${shortText(source)} says`)
    );
  },
};
