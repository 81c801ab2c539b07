import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { maxListed, nameShape, resourceShape, shortList } from "../predicate-shapes.ts";

const shape = v.object({
  attributes: v.pipe(
    v.array(
      v.object({
        attribute: nameShape,
        target: v.nullish(resourceShape),
        conditions: v.nullish(v.looseObject({})),
        evidence: v.nullish(resourceShape),
      }),
    ),
    v.minLength(1),
    v.maxLength(maxListed),
  ),
  producer: v.nullish(resourceShape),
});

export type ScaiPredicate = v.InferOutput<typeof shape>;

/** Functional attributes of the subjects, and the evidence for them (in-toto/attestation, scai v0.3). */
export const scai: AttestationType<ScaiPredicate> = {
  name: "scai",
  predicateType: "https://in-toto.io/attestation/scai/v0.3",
  shape,
  parse: predicateParser("SCAI", shape),
  handOff: observationOf,
  render: (subject, { attributes, producer }) => {
    const by = producer
      ? `${shortText(producer.name === "" ? (producer.uri ?? "") : producer.name)} says `
      : "";
    return `${by}${shortDigest(subject[0])} is ${shortList(attributes.map(({ attribute }) => attribute))}`;
  },
};
