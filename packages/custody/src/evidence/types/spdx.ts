import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortDigest } from "../attestation-type.ts";

const shape = v.object({
  spdxVersion: v.string(),
  name: v.string(),
  packages: v.pipe(
    v.array(v.looseObject({ name: v.string(), versionInfo: v.optional(v.string()) })),
    v.maxLength(100_000),
  ),
});

export type SpdxPredicate = v.InferOutput<typeof shape>;

/** What an artifact is made of: an SPDX document (in-toto/attestation, spdx). */
export const spdx: AttestationType<SpdxPredicate> = {
  name: "spdx",
  predicateType: "https://spdx.dev/Document",
  shape,
  parse: predicateParser("SPDX", shape),
  handOff: (subject) => ({ step: undefined, materials: subject, products: [], weakened: [] }),
  render: (subject, { packages }) => `${shortDigest(subject[0])} holds ${packages.length} packages`,
};
