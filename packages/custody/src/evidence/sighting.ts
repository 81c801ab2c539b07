import type { Instant } from "custody/ground";

import type { VerifiedBundle } from "./verify-bundle.ts";

/**
 * When an attestation was first seen, which orders attestations: its timestamp, and within one second its place in the log.
 *
 * The time comes first, because a place says too little. Whoever logs an old envelope again gets a new place for it, but no
 * new time: its certificate has ended. And a log goes on in another shard, where places begin at 0 again; shards are
 * trusted one after the other, so that the time orders what is in them.
 */
export interface Sighting {
  readonly signedAt: Instant;
  readonly logIndex: number;
}

/** Negative when `a` was seen before `b`, 0 when they are one. */
export function compareSightings(a: Sighting, b: Sighting): number {
  return a.signedAt - b.signedAt || a.logIndex - b.logIndex;
}

/** What is not in a log was seen before all that is, within its second. */
export function sightingOf({ signedAt, logged }: Pick<VerifiedBundle, "signedAt" | "logged">): Sighting {
  return { signedAt, logIndex: logged?.index ?? -1 };
}
