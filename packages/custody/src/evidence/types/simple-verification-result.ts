import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { listOf, nameShape, resourceShape, shortList, timestampShape } from "../predicate-shapes.ts";

const shape = v.object({
  /** `policies` is required; empty where the verifier can name none. */
  verifier: v.object({ id: nameShape, policies: listOf(resourceShape) }),
  timeCreated: timestampShape,
  properties: listOf(nameShape),
});

export type SimpleVerificationResultPredicate = v.InferOutput<typeof shape>;

/** Which properties a verifier found to hold of the subjects (in-toto/attestation, svr v0.2). */
export const simpleVerificationResult: AttestationType<SimpleVerificationResultPredicate> = {
  name: "svr",
  predicateType: "https://in-toto.io/attestation/svr/v0.2",
  shape,
  parse: predicateParser("simple verification result", shape),
  handOff: observationOf,
  render: (subject, { verifier, properties }) =>
    `${shortText(verifier.id)} found ${shortDigest(subject[0])} to be ${shortList(properties)}`,
};
