import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { textShape } from "../predicate-shapes.ts";

const shape = v.object({
  /** Without its version it names no release. */
  purl: v.pipe(
    textShape,
    v.regex(/^pkg:[^/?#]+\/[^?#]*[^/?#@]@[^/?#@]+(?:[?#]|$)/, "not a package URL with a version"),
  ),
  packageId: v.nullish(textShape),
  releaseId: v.nullish(textShape),
  custody_tag: v.nullish(textShape),
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
    const place = new URLSearchParams(purl.split("?")[1] ?? "").get("repository_url") ?? purl;
    const tag = custody_tag ? `:${shortText(custody_tag)}` : "";
    return `published ${shortDigest(subject[0])} as ${shortText(place)}${tag}`;
  },
};
