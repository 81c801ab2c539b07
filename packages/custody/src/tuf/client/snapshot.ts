import type { Instant } from "custody/ground";

import { tufFault } from "../faults.ts";
import type { ForeignMetadata } from "./foreign-metadata.ts";
import { tufLimits } from "./limits.ts";
import { obtain } from "./obtain.ts";
import type { TufClientPorts } from "./ports.ts";
import { topRole } from "./root.ts";
import type { ForeignRoot } from "./root.ts";
import { rollback } from "./timestamp.ts";

type Snapshot = ForeignMetadata<"snapshot">;

/** What the top-level roles before the snapshot have said. */
export interface SnapshotSource {
  readonly root: ForeignRoot;
  readonly timestamp: ForeignMetadata<"timestamp">;
  readonly now: Instant;
}

/**
 * The snapshot that the timestamp names (TUF 1.0 §5.5).
 *
 * @throws CustodyError as {@link obtain}, and `tuf/rollback` when it leaves out a role, or has it in an older version.
 */
export async function updateSnapshot(
  ports: TufClientPorts,
  { root, timestamp, now }: SnapshotSource,
): Promise<Snapshot> {
  return obtain(ports, {
    role: topRole(root, "snapshot"),
    file: timestamp.signed.meta["snapshot.json"],
    isConsistent: root.signed.consistent_snapshot,
    limitBytes: tufLimits.snapshotBytes,
    now,
    follow: demandFollows,
  });
}

function demandFollows({ signed: trusted }: Snapshot, { signed: found }: Snapshot): void {
  for (const [name, { version }] of trusted.meta) {
    const now = found.meta.get(name);
    if (!now) throw tufFault("tuf/rollback", `the snapshot no longer names ${name}`, { subject: name });
    if (now.version < version) throw rollback(name, now.version, version);
  }
}
