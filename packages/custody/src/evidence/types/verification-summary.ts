import * as v from "valibot";

import type { AttestationType } from "../attestation-type.ts";
import { predicateParser, shortDigest } from "../attestation-type.ts";
import { digestSetShape } from "../statement.ts";

const referenceShape = v.object({ uri: v.optional(v.string()), digest: digestSetShape });

const shape = v.object({
  verifier: v.object({ id: v.string() }),
  timeVerified: v.string(),
  resourceUri: v.string(),
  policy: referenceShape,
  inputAttestations: v.optional(v.array(referenceShape), []),
  verificationResult: v.picklist(["PASSED", "FAILED"]),
  verifiedLevels: v.optional(v.array(v.string()), []),
  slsaVersion: v.optional(v.string()),
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

/** A gate's decision over a whole chain (slsa.dev/spec/v1.0/verification_summary). */
export const verificationSummary: AttestationType<VerificationSummaryPredicate> = {
  name: "verification-summary",
  predicateType: "https://slsa.dev/verification_summary/v1",
  shape,
  parse: predicateParser("verification summary", shape),
  handOff: (subject) => ({ step: "gate", materials: subject, products: subject, weakened: [] }),
  render: (subject, { verificationResult, custody_reasons, verifier }) =>
    `${verifier.id} ${verificationResult === "PASSED" ? "admitted" : "refused"} ${shortDigest(subject[0])}` +
    (custody_reasons[0] ? `: ${custody_reasons[0].code}` : ""),
};
