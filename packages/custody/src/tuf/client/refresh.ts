import type { Instant } from "custody/ground";

import type { ForeignMetadata } from "./foreign-metadata.ts";
import { tufLimits } from "./limits.ts";
import { obtain } from "./obtain.ts";
import type { TufClientPorts } from "./ports.ts";
import { absentFault } from "./read-role.ts";
import type { Role } from "./read-role.ts";
import { topRole, updateRoot } from "./root.ts";
import type { ForeignRoot } from "./root.ts";
import { updateSnapshot } from "./snapshot.ts";
import { updateTimestamp } from "./timestamp.ts";

/** What a refresh has verified: the repository at one time. */
export interface TufView {
  /** The time that expiry was held against. */
  readonly now: Instant;
  readonly root: ForeignRoot;
  readonly timestamp: ForeignMetadata<"timestamp">;
  readonly snapshot: ForeignMetadata<"snapshot">;
  readonly targets: ForeignMetadata<"targets">;
}

/**
 * Brings the four top-level roles up to date (TUF 1.0 §5.1–5.6.6), beginning with the root in the store, which must have
 * come over a way that is trusted. What was verified before something is refused stays trusted.
 *
 * @throws CustodyError `tuf/…`: the repository must not be believed, or (`tuf/unreachable`) could not be read.
 */
export async function refreshTuf(ports: TufClientPorts): Promise<TufView> {
  const now = ports.clock.now();
  const root = await updateRoot(ports, now);
  const timestamp = await updateTimestamp(ports, root, now);
  const snapshot = await updateSnapshot(ports, { root, timestamp, now });
  const view = { now, root, timestamp, snapshot };
  return { ...view, targets: await obtainTargets(ports, view, topRole(root, "targets")) };
}

/**
 * The metadata of a targets role, in the version that the snapshot names (§5.6).
 *
 * @throws CustodyError `tuf/missing` for a role that the snapshot does not name, and as {@link obtain}.
 */
export async function obtainTargets(
  ports: TufClientPorts,
  { now, root, snapshot }: Pick<TufView, "now" | "root" | "snapshot">,
  role: Role<"targets">,
): Promise<ForeignMetadata<"targets">> {
  const file = snapshot.signed.meta.get(`${role.name}.json`);
  if (!file) throw absentFault(`${role.name}.json in its snapshot`);
  const isConsistent = root.signed.consistent_snapshot;
  return obtain(ports, { role, file, isConsistent, limitBytes: tufLimits.targetsBytes, now });
}
