import { compareSightings, sightingOf } from "./sighting.ts";
import type { VerifiedBundle } from "./verify-bundle.ts";

/**
 * Whether one attestation was seen after another. What stands in no log is before everything; an envelope that was only logged
 * again is not later for it.
 */
export function isLater(
  one: Pick<VerifiedBundle, "logged" | "signedAt">,
  other: Pick<VerifiedBundle, "logged" | "signedAt">,
): boolean {
  if (!one.logged || !other.logged) return one.logged !== undefined;
  return compareSightings(sightingOf(one), sightingOf(other)) > 0;
}
