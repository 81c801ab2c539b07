import type { IssuedAttestation } from "custody/authority";
import { findAttestationType, findHandOff, renderStatement } from "custody/evidence";

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
    rendering: renderStatement(statement),
    materials: handOff?.materials ?? [],
    products: handOff?.products ?? statement.subject,
  };
}
