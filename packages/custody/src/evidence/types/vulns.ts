import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { observationOf, predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import { listOf, nameShape, shortList, textShape, timestampShape } from "../predicate-shapes.ts";

const shape = v.object({
  scanner: v.object({
    uri: nameShape,
    version: v.nullish(textShape),
    db: v.object({ uri: v.nullish(textShape), version: v.nullish(textShape), lastUpdate: timestampShape }),
    /** Empty where nothing was found. */
    result: listOf(
      v.object({ id: nameShape, severity: listOf(v.object({ method: nameShape, score: textShape })) }),
    ),
  }),
  metadata: v.object({ scanStartedOn: timestampShape, scanFinishedOn: timestampShape }),
});

export type VulnsPredicate = v.InferOutput<typeof shape>;

/** What a scanner found in the subjects (in-toto/attestation, vulns v0.2). */
export const vulns: AttestationType<VulnsPredicate> = {
  name: "vulns",
  predicateType: "https://in-toto.io/attestation/vulns/v0.2",
  shape,
  parse: predicateParser("vulnerability", shape),
  handOff: observationOf,
  render: (subject, { scanner: { uri, result }, metadata }) =>
    `${shortText(uri)} found ${result.length} vulnerabilities in ${shortDigest(subject[0])} ` +
    `on ${metadata.scanFinishedOn}${result.length === 0 ? "" : `: ${shortList(result.map(({ id }) => id))}`}`,
};
