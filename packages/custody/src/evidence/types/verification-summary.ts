import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortDigest, shortText } from "../attestation-type.ts";
import {
  listOf,
  nameShape,
  resourceShape,
  shortList,
  textShape,
  timestampShape,
} from "../predicate-shapes.ts";

const shape = v.object({
  verifier: v.object({ id: nameShape }),
  timeVerified: timestampShape,
  resourceUri: nameShape,
  policy: resourceShape,
  inputAttestations: v.nullish(listOf(resourceShape), []),
  verificationResult: v.picklist(["PASSED", "FAILED"]),
  /** Of the build track, of the source track (`SLSA_SOURCE_LEVEL_…`, over commits), or of someone's own. */
  verifiedLevels: v.nullish(listOf(nameShape), []),
  slsaVersion: v.nullish(textShape),
  custody_reasons: v.optional(
    v.array(v.object({ code: v.string(), subject: v.string(), message: v.string() })),
    [],
  ),
  /** The revision of the trusted root that the decision was made under. */
  custody_trust: v.optional(v.object({ revision: v.string() })),
  /** The revision of Custody's own gates, as Rego, that decided. */
  custody_gates: v.optional(v.object({ revision: v.string() })),
});

export type VerificationSummaryPredicate = v.InferOutput<typeof shape>;

/** A decision over a whole chain, or over a commit's history (slsa.dev/spec/v1.2/verification_summary, /verified-properties). */
export const verificationSummary: AttestationType<VerificationSummaryPredicate> = {
  name: "verification-summary",
  predicateType: "https://slsa.dev/verification_summary/v1",
  shape,
  parse: predicateParser("verification summary", shape),
  handOff: (subject) => ({ step: "gate", materials: subject, products: subject, weakened: [] }),
  render: (subject, { verificationResult, verifiedLevels, custody_reasons, verifier }) =>
    `${shortText(verifier.id)} ${verificationResult === "PASSED" ? "admitted" : "refused"} ${shortDigest(subject[0])}` +
    (verifiedLevels.length > 0 ? ` as ${shortList(verifiedLevels)}` : "") +
    (custody_reasons[0] ? `: ${shortText(custody_reasons[0].code)}` : ""),
};
