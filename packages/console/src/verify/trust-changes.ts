/** Whom a trusted root names, and by what: names alone are anybody's. */
export interface TrustedParty {
  readonly role:
    | "certificates by"
    | "log"
    | "log of certificates"
    | "timestamps by"
    | "witness"
    | "rule of the witnesses";
  readonly name: string;
  /** Of its key, or of all its certificates; of a rule's text. */
  readonly fingerprint: string;
  /** When what it signs counts; empty where that is not said. */
  readonly period: string;
}

/** What is another between two trusted roots: who came, who went, and whose word counts for another time. */
export interface TrustChange {
  readonly kind: "came" | "went" | "other time";
  readonly party: TrustedParty;
}

/** The changes from one root to the next, those that went first. The same name with another key went, and came. */
export function trustChanges(
  before: readonly TrustedParty[],
  now: readonly TrustedParty[],
): readonly TrustChange[] {
  const missingIn = (parties: readonly TrustedParty[], keyOf: (party: TrustedParty) => string) => {
    const keys = new Set(parties.map(keyOf));
    return (party: TrustedParty): boolean => !keys.has(keyOf(party));
  };
  const came = now.filter(missingIn(before, identityOf));
  const moved = now.filter(missingIn([...before, ...came], wholeOf));
  return [
    ...before.filter(missingIn(now, identityOf)).map((party) => ({ kind: "went" as const, party })),
    ...came.map((party) => ({ kind: "came" as const, party })),
    ...moved.map((party) => ({ kind: "other time" as const, party })),
  ];
}

function identityOf({ role, name, fingerprint }: TrustedParty): string {
  return JSON.stringify([role, name, fingerprint]);
}

function wholeOf(party: TrustedParty): string {
  return `${identityOf(party)} ${party.period}`;
}
