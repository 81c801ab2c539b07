import type { AttestationType } from "../attestation-type.ts";
import { cosignCustom } from "./cosign-custom.ts";
import { cosignSign } from "./cosign-sign.ts";
import { cosignVuln } from "./cosign-vuln.ts";
import { cyclonedx } from "./cyclonedx.ts";
import { link } from "./link.ts";
import { openVex } from "./openvex.ts";
import { policy } from "./policy.ts";
import { provenance } from "./provenance.ts";
import { provenanceV02 } from "./provenance-v0.2.ts";
import { reference } from "./reference.ts";
import { referenceAuthorization } from "./reference-authorization.ts";
import { release } from "./release.ts";
import { rules } from "./rules.ts";
import { run } from "./run.ts";
import { runtimeTrace } from "./runtime-trace.ts";
import { scai } from "./scai.ts";
import { simpleVerificationResult } from "./simple-verification-result.ts";
import { source } from "./source.ts";
import { spdx } from "./spdx.ts";
import { testResult } from "./test-result.ts";
import { verificationSummary } from "./verification-summary.ts";
import { withdrawal } from "./withdrawal.ts";
import { vulns } from "./vulns.ts";

/** Every kind of attestation that Custody reads. A new kind is one file and one line here. */
export const attestationTypes = [
  cosignCustom,
  cosignSign,
  cosignVuln,
  cyclonedx,
  link,
  openVex,
  policy,
  provenance,
  provenanceV02,
  reference,
  referenceAuthorization,
  release,
  rules,
  run,
  runtimeTrace,
  scai,
  simpleVerificationResult,
  source,
  spdx,
  testResult,
  verificationSummary,
  vulns,
  withdrawal,
];

export {
  link,
  policy,
  provenance,
  release,
  rules,
  run,
  source,
  spdx,
  testResult,
  verificationSummary,
  withdrawal,
};

const all = attestationTypes.map((type) => type as AttestationType<never>);

const byUri = new Map(
  all.flatMap((type) =>
    [type.predicateType, ...(type.otherPredicateTypes ?? [])].map((uri) => [uri, type] as const),
  ),
);
const byName = new Map(all.map((type) => [type.name, type] as const));

/** The registered type of a predicate URI, compared exactly. */
export function findAttestationType(predicateType: string): AttestationType<never> | undefined {
  return byUri.get(predicateType);
}

/** The registered type of a short name, as command lines use it. */
export function findAttestationTypeByName(name: string): AttestationType<never> | undefined {
  return byName.get(name);
}
