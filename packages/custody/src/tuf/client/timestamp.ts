import type { Instant } from "custody/ground";

import { tufFault } from "../faults.ts";
import type { ForeignMetadata } from "./foreign-metadata.ts";
import { tufLimits } from "./limits.ts";
import type { TufClientPorts } from "./ports.ts";
import { absentFault, demandUnexpired, findTrusted, readRole } from "./read-role.ts";
import { topRole } from "./root.ts";
import type { ForeignRoot } from "./root.ts";

type Timestamp = ForeignMetadata<"timestamp">;

/**
 * The repository's newest timestamp (TUF 1.0 §5.4). One of the version that is trusted already changes nothing.
 *
 * @throws CustodyError `tuf/missing`, `tuf/malformed`, `tuf/threshold`, `tuf/rollback`, `tuf/expired`.
 */
export async function updateTimestamp(
  ports: TufClientPorts,
  root: ForeignRoot,
  now: Instant,
): Promise<Timestamp> {
  const role = topRole(root, "timestamp");
  const trusted = await findTrusted(ports, role);
  const bytes = await ports.remote.fetchMetadata("timestamp.json", tufLimits.timestampBytes);
  if (!bytes) throw absentFault("timestamp.json");
  const found = await readRole(ports, role, bytes);
  if (trusted) demandNotOlder(trusted, found);
  if (trusted?.signed.version === found.signed.version) return demandUnexpired("timestamp", trusted, now);
  demandUnexpired("timestamp", found, now);
  await ports.store.write("timestamp", bytes);
  return found;
}

function demandNotOlder({ signed: trusted }: Timestamp, { signed: found }: Timestamp): void {
  if (found.version < trusted.version) throw rollback("timestamp", found.version, trusted.version);
  if (found.version === trusted.version) return;
  const [wanted, had] = [found.meta["snapshot.json"].version, trusted.meta["snapshot.json"].version];
  if (wanted < had) throw rollback("snapshot", wanted, had);
}

/** A role in an older version than the client has seen it in. */
export function rollback(role: string, found: number, trusted: number): Error {
  return tufFault("tuf/rollback", `${role} is version ${found}, and ${trusted} was seen before`, {
    subject: role,
    next: "somebody serves an old repository, or it was restored from a copy",
  });
}
