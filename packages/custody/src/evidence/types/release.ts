import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortDigest } from "../attestation-type.ts";

const shape = v.object({
  purl: v.string(),
  releaseId: v.optional(v.string()),
  custody_tag: v.optional(v.string()),
});

export type ReleasePredicate = v.InferOutput<typeof shape>;

/** The subject was published under this package URL (in-toto/attestation, release v0.1). */
export const release: AttestationType<ReleasePredicate> = {
  name: "release",
  predicateType: "https://in-toto.io/attestation/release/v0.1",
  shape,
  parse: predicateParser("release", shape),
  handOff: (subject) => ({ step: "publish", materials: subject, products: subject, weakened: [] }),
  render: (subject, { purl, custody_tag }) => {
    const [, location] = /[?&]repository_url=([^&]*)/.exec(purl) ?? [];
    const place = location === undefined ? purl : decodeURIComponent(location);
    return `published ${shortDigest(subject[0])} as ${place}${custody_tag === undefined ? "" : `:${custody_tag}`}`;
  },
};
