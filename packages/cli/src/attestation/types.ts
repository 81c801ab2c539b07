import { attestationTypes } from "custody/evidence";

import type { Call } from "../commands/call.ts";
import { exitCodes, formatTable } from "../output.ts";

/** `custody attestation types`: the kinds of attestation that Custody reads. */
export function listAttestationTypes({ output }: Call): Promise<number> {
  const types = attestationTypes
    .map(({ name, predicateType, otherPredicateTypes = [] }) => ({
      name,
      predicateType,
      otherPredicateTypes,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rows = types.flatMap(({ name, predicateType, otherPredicateTypes }) => [
    [name, predicateType],
    ...otherPredicateTypes.map((uri) => ["", uri]),
  ]);
  output.result(types, formatTable(rows));
  return Promise.resolve(exitCodes.yes);
}
