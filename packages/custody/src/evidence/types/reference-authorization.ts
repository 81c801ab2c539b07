import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortText } from "../attestation-type.ts";
import { nameShape } from "../predicate-shapes.ts";

const objectIdShape = v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));

const shape = v.object({
  targetRef: v.pipe(nameShape, v.startsWith("refs/")),
  /** All zeros where the reference is new. */
  fromID: objectIdShape,
  /** The tree that a branch is to hold, or the commit that a tag is to point to. */
  targetID: objectIdShape,
});

export type ReferenceAuthorizationPredicate = v.InferOutput<typeof shape>;

/** Someone approves a change of a git reference (gittuf, reference-authorization v0.2). */
export const referenceAuthorization: AttestationType<ReferenceAuthorizationPredicate> = {
  name: "reference-authorization",
  predicateType: "https://gittuf.dev/reference-authorization/v0.2",
  shape,
  parse: predicateParser("reference authorization", shape),
  handOff: observationOf,
  render: (_, { targetRef, fromID, targetID }) =>
    `${shortText(targetRef)} may go from ${fromID.slice(0, 12)} to ${targetID.slice(0, 12)}`,
};
