import type { Reason } from "custody/ground";

import { Issuance } from "./issuance.ts";

/**
 * The reason codes with which evidence is refused. A check *is* its code: to turn a check off is to name its code.
 */
export const refusalCodes = [
  "evidence/signature-invalid",
  "evidence/certificate-untrusted",
  "evidence/certificate-window",
  "evidence/certificate-purpose",
  "evidence/timestamp-missing",
  "evidence/timestamp-invalid",
  "evidence/log-entry-missing",
  "evidence/log-entry-mismatch",
  "evidence/log-proof-invalid",
  "evidence/log-untrusted",
  "evidence/log-window",
  "evidence/log-forked",
  "evidence/not-witnessed",
  "evidence/cosignature-invalid",
  "evidence/cosignature-time",
  "evidence/identity-mismatch",
  "evidence/predicate-type",
  "evidence/predicate-malformed",
  "evidence/subject-mismatch",
  "evidence/isolation-weakened",
  "evidence/failed-since",
  "evidence/withdrawn",
  "evidence/commit-mismatch",
  "source/unsigned",
  "source/signature-invalid",
  "source/commit-mismatch",
  "source/signer-not-listed",
  "source/key-not-yet-valid",
  "source/key-expired",
  "source/key-retired",
  "layout/expired",
  "layout/step-missing",
  "layout/threshold",
  "layout/artifact-missing",
  "layout/artifact-mismatch",
  "layout/artifact-unexpected",
  "gate/policy-superseded",
  "gate/rolled-back",
  "gate/not-admitted",
] as const;

export type RefusalCode = (typeof refusalCodes)[number];

/** Thrown inside the verifiers only; every public one turns it into a `refused` verdict. */
export class Refusal extends Error {
  readonly reason: Reason;

  constructor(code: string, subject: string, message: string) {
    super(message);
    this.reason = { code, subject, message };
  }
}

/**
 * One run of checks. It knows which checks are off, so that a drill can show that one check, and no other, is what
 * stops an attack. A verdict reached with a check off says so (`isWhole` is false) and no gate will sign it.
 *
 * `Code` is the closed list of the room whose checks it runs.
 */
export class Examination<Code extends string = RefusalCode> {
  readonly without: ReadonlySet<Code>;
  /** Signatures between certificates, each verified once in this run. */
  readonly issuance = new Issuance();

  constructor(without: Iterable<Code> = []) {
    this.without = new Set(without);
  }

  get isWhole(): boolean {
    return this.without.size === 0;
  }

  /** Refuses with the code unless the condition holds or the check is off; says whether the condition holds. */
  demand(holds: boolean, code: Code, subject: string, message: string): boolean {
    if (!holds && !this.without.has(code)) throw new Refusal(code, subject, message);
    return holds;
  }
}
