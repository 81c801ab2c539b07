import type { IssuedAttestation } from "custody/authority";
import { findAttestationType, findHandOff } from "custody/evidence";
import type { VerifiedBundle } from "custody/evidence";

import type { AttestationRecord } from "./ports.ts";

/** An attestation with what it is found by, read from what was verified. */
export function recordOf({ bytes, bundle }: IssuedAttestation): AttestationRecord {
  const { statement, digest, identity, signedAt, logged } = bundle;
  const type = findAttestationType(statement.predicateType);
  const handOff = type && findHandOff(type, statement);
  return {
    digest,
    bytes,
    predicateType: statement.predicateType,
    identity,
    signedAt,
    logIndex: logged?.index ?? -1,
    step: handOff?.step,
    rendering: renderingOf(bundle),
    materials: handOff?.materials ?? [],
    products: handOff?.products ?? statement.subject,
  };
}

function renderingOf({ statement }: VerifiedBundle): string {
  const type = findAttestationType(statement.predicateType);
  if (!type) return `${statement.predicateType} about ${statement.subject[0]?.name ?? "nothing"}`;
  return type.render(statement.subject, type.parse(statement.predicate));
}
