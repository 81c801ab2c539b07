import type { AttestationType } from "../attestation-type.ts";
import { link } from "./link.ts";
import { policy } from "./policy.ts";
import { provenance } from "./provenance.ts";
import { release } from "./release.ts";
import { rules } from "./rules.ts";
import { run } from "./run.ts";
import { source } from "./source.ts";
import { spdx } from "./spdx.ts";
import { testResult } from "./test-result.ts";
import { verificationSummary } from "./verification-summary.ts";

/** Every kind of attestation that Custody reads as a hand-off. A new kind is one file and one line here. */
export const attestationTypes = [
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
];

export { link, policy, provenance, release, rules, run, source, spdx, testResult, verificationSummary };

const byUri = new Map<string, AttestationType<never>>(
  attestationTypes.map((type) => [type.predicateType, type as AttestationType<never>]),
);

/** The registered type of a predicate URI, compared exactly. */
export function findAttestationType(predicateType: string): AttestationType<never> | undefined {
  return byUri.get(predicateType);
}

const byName = new Map<string, AttestationType<never>>(
  attestationTypes.map((type) => [type.name, type as AttestationType<never>]),
);

/** The registered type of a short name, as command lines use it. */
export function findAttestationTypeByName(name: string): AttestationType<never> | undefined {
  return byName.get(name);
}
