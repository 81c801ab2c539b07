import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { digestSetShape } from "../statement.ts";
import { listOf, nameShape, textShape } from "../predicate-shapes.ts";

const shape = v.object({
  attester: v.object({ id: nameShape }),
  references: listOf(
    v.object({
      name: v.nullish(textShape),
      downloadLocation: nameShape,
      mediaType: nameShape,
      digest: v.nullish(digestSetShape),
    }),
  ),
});

export type ReferencePredicate = v.InferOutput<typeof shape>;

/** Where documents about the subjects lie (in-toto/attestation, reference v0.1). */
export const reference: AttestationType<ReferencePredicate> = {
  name: "reference",
  predicateType: "https://in-toto.io/attestation/reference/v0.1",
  shape,
  parse: predicateParser("reference", shape),
  handOff: observationOf,
  render: (subject, { attester, references: [first, ...more] }) =>
    `${shortText(attester.id)} points from ${shortDigest(subject[0])} to ` +
    (first ? `${shortText(first.downloadLocation)} (${shortText(first.mediaType)})` : "nothing") +
    (more.length === 0 ? "" : ` and ${more.length} more`),
};
