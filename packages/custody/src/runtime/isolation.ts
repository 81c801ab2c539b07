import type { Digest } from "custody/ground";

import type { Protection } from "./protection.ts";

/**
 * How a sandbox was set apart from its host; the provenance carries it and gates judge it.
 *
 * - `L3`: every protection of {@link protections} was on.
 * - `L0`: at least one was off, for a drill: a record of what happened, and nothing to trust.
 */
export interface Isolation {
  readonly level: "L3" | "L0";
  /** What was turned off, sorted; empty at L3. */
  readonly without: readonly Protection[];
  readonly runtime: { readonly name: string; readonly version: string };
  /** Of the canonical JSON of the {@link Profile} that was in force. */
  readonly profileDigest: Digest;
  /** Release of the kernel, as `uname -r` says it. */
  readonly kernel: string;
}

export function isolationLevelOf(without: readonly Protection[]): Isolation["level"] {
  return without.length === 0 ? "L3" : "L0";
}
