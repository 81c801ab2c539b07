import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortDigest } from "../attestation-type.ts";
import { nameShape } from "../predicate-shapes.ts";

const maxComponents = 100_000;

const shape = v.object({
  bomFormat: v.literal("CycloneDX"),
  specVersion: v.picklist(["1.4", "1.5", "1.6", "1.7"]),
  components: v.nullish(
    v.pipe(v.array(v.looseObject({ type: nameShape, name: nameShape })), v.maxLength(maxComponents)),
    [],
  ),
  vulnerabilities: v.nullish(v.pipe(v.array(v.looseObject({})), v.maxLength(maxComponents)), []),
});

export type CycloneDxPredicate = v.InferOutput<typeof shape>;

/** What an artifact is made of: a CycloneDX BOM (in-toto/attestation, cyclonedx; cyclonedx.org/specification). */
export const cyclonedx: AttestationType<CycloneDxPredicate> = {
  name: "cyclonedx",
  predicateType: "https://cyclonedx.org/bom",
  otherPredicateTypes: ["1.4", "1.5", "1.6", "1.7"].map((version) => `https://cyclonedx.org/bom/v${version}`),
  shape,
  parse: predicateParser("CycloneDX", shape),
  handOff: observationOf,
  render: (subject, { components, vulnerabilities }) =>
    `${shortDigest(subject[0])} holds ${components.length} components` +
    (vulnerabilities.length === 0 ? "" : ` with ${vulnerabilities.length} vulnerabilities`),
};
