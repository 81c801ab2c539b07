import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser } from "../attestation-type.ts";

const shape = v.object({
  repository: v.string(),
  commit: v.object({
    id: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)),
    /** The raw commit object, base64: whoever reads the attestation can check the developer's signature again. */
    object: v.pipe(v.string(), v.maxLength(2 * 1024 * 1024)),
  }),
  ref: v.optional(v.string()),
  signer: v.object({ name: v.string(), fingerprint: v.string() }),
  policy: v.object({ revision: v.string() }),
});

/** The one step that every layout has, and its predicate type. */
export const sourceStep = "source";
export const sourcePredicateType = "https://custody.dev/attestation/source/v1";

export type SourcePredicate = v.InferOutput<typeof shape>;

/** A commit was seen, its developer's signature was good, and this is the tree that it holds. */
export const source: AttestationType<SourcePredicate> = {
  name: "source",
  predicateType: sourcePredicateType,
  shape,
  parse: predicateParser("source", shape),
  handOff: (subject, { repository, commit }) => ({
    step: sourceStep,
    materials: [],
    products: subject,
    weakened: [],
    commit: { repository, id: commit.id },
  }),
  render: (_, { repository, commit, signer }) =>
    `${signer.name} (${signer.fingerprint}) signed commit ${commit.id.slice(0, 12)} of ${repository}`,
};
