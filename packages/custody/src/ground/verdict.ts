/** Why something was refused or could not be decided. */
export interface Reason {
  /** `room/word`, stable: scripts and tests match on it. */
  readonly code: string;
  /** The thing the reason is about: a step, a digest, an identity. */
  readonly subject: string;
  /** One sentence for a person. */
  readonly message: string;
}

/**
 * The three answers of every check. "Could not decide" is not "allowed", and not "refused" either:
 * it says that the evidence could not be read, so that the caller can mend that and ask again.
 */
export type Verdict<Facts> =
  | { readonly kind: "allowed"; readonly facts: Facts }
  | { readonly kind: "refused"; readonly reasons: readonly [Reason, ...Reason[]] }
  | { readonly kind: "undecided"; readonly reasons: readonly [Reason, ...Reason[]] };

export function allowed<Facts>(facts: Facts): Verdict<Facts> {
  return { kind: "allowed", facts };
}

export function refused(code: string, subject: string, message: string): Verdict<never> {
  return { kind: "refused", reasons: [{ code, subject, message }] };
}

export function undecided(code: string, subject: string, message: string): Verdict<never> {
  return { kind: "undecided", reasons: [{ code, subject, message }] };
}

/** Exit codes of the command line: 0 yes, 1 refused, 2 could not decide. */
export function exitCodeOf(verdict: Verdict<unknown>): 0 | 1 | 2 {
  switch (verdict.kind) {
    case "allowed":
      return 0;
    case "refused":
      return 1;
    case "undecided":
      return 2;
    default:
      return verdict satisfies never;
  }
}
