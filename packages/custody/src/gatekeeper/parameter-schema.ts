import type { RegoValue } from "custody/rego";

import { GatekeeperFault } from "./faults.ts";
import type { Subject } from "./shape.ts";
import { preservingSchema, structuralFaults } from "./structural-schema.ts";

/**
 * The schema of parameters as a template writes it. A legacy one (all of v1beta1 and v1alpha1 that do not say otherwise) is open for
 * whatever it does not name, and need not be there at all.
 *
 * @throws GatekeeperFault with the subject's code for a schema that is not structural.
 */
export function parameterSchema(
  written: RegoValue | undefined,
  isLegacy: boolean,
  { code, what }: Subject,
): RegoValue | undefined {
  const schema = isLegacy ? preservingSchema(written ?? {}) : written;
  if (schema === undefined) return undefined;
  const faults = structuralFaults(schema);
  if (faults.length === 0) return schema;
  throw new GatekeeperFault(code, `${what}: ${faults.join("; ")}`, {
    next: "write a structural schema, or set legacySchema: true",
  });
}
