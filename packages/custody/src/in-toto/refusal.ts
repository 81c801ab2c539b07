import type { Reason } from "custody/ground";

/** Why a supply chain does not follow its layout. A check is its code: to turn one off is to name it. */
export const inTotoCodes = [
  "in-toto/layout-unsigned",
  "in-toto/layout-expired",
  "in-toto/link-missing",
  "in-toto/link-untrusted",
  "in-toto/links-differ",
  "in-toto/artifact",
  "in-toto/inspection",
] as const;

export type InTotoCode = (typeof inTotoCodes)[number];

/** Thrown inside this room only; {@link verifyLayout} turns it into a `refused` verdict. */
export class InTotoRefusal extends Error {
  readonly reason: Reason;

  constructor(code: InTotoCode, subject: string, message: string) {
    super(message);
    this.reason = { code, subject, message };
  }
}

/** One run of checks, some of which may be off: that is how a drill shows which of them stops an attack. */
export class Checks {
  readonly without: ReadonlySet<InTotoCode>;

  constructor(without: Iterable<InTotoCode> = []) {
    this.without = new Set(without);
  }

  /** Refuses with the code unless the condition holds or the check is off. */
  demand(holds: boolean, code: InTotoCode, subject: string, message: string): void {
    if (!holds && !this.without.has(code)) throw new InTotoRefusal(code, subject, message);
  }
}
