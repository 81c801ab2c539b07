import type { HandOff } from "../attestation-type.ts";
import type { ResourceDescriptor } from "../statement.ts";

/** What is said about the subjects without any step being claimed: it explains artifacts, and can be no layout's evidence. */
export function observationOf(subject: readonly ResourceDescriptor[]): HandOff {
  return { step: undefined, materials: subject, products: [], weakened: [] };
}
