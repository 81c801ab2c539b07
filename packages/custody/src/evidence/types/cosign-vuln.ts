import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { nameShape, textShape, timestampShape } from "../predicate-shapes.ts";

const shape = v.object({
  invocation: v.nullish(v.looseObject({})),
  scanner: v.object({
    uri: nameShape,
    version: v.nullish(textShape),
    db: v.nullish(v.object({ uri: v.nullish(textShape), version: v.nullish(textShape) })),
    /** The scanner's own report, in the scanner's own form. */
    result: v.nonNullish(v.unknown()),
  }),
  metadata: v.object({ scanStartedOn: timestampShape, scanFinishedOn: timestampShape }),
});

export type CosignVulnPredicate = v.InferOutput<typeof shape>;

/** A scanner's report over an image (sigstore/cosign, specs/COSIGN_VULN_ATTESTATION_SPEC.md). */
export const cosignVuln: AttestationType<CosignVulnPredicate> = {
  name: "cosign-vuln",
  predicateType: "https://cosign.sigstore.dev/attestation/vuln/v1",
  shape,
  parse: predicateParser("cosign vulnerability scan", shape),
  handOff: observationOf,
  render: (subject, { scanner, metadata }) =>
    `${shortText(scanner.uri)} scanned ${shortDigest(subject[0])} on ${metadata.scanFinishedOn}`,
};
