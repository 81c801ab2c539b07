import type { Bytes } from "custody/ground";

import { tufFault } from "../faults.ts";
import { rolesFor } from "./delegations.ts";
import { tufLimits } from "./limits.ts";
import type { TufClientPorts } from "./ports.ts";
import { quoteName } from "./quote-name.ts";
import { absentFault } from "./read-role.ts";
import type { Role } from "./read-role.ts";
import { obtainTargets } from "./refresh.ts";
import type { TufView } from "./refresh.ts";
import { topRole } from "./root.ts";
import type { TargetFile } from "./shapes.ts";
import { demandSignedFile } from "./signed-file.ts";

/** A target that a repository vouches for. */
export interface TufTarget extends TargetFile {
  readonly path: string;
  /** The role that says so. */
  readonly role: string;
}

/**
 * What the repository says of a target (TUF 1.0 §5.6.7): its targets role first, then whom that delegates the path to, the
 * more important first and each with all that it delegates to, no role twice; undefined when nobody says anything.
 *
 * @throws CustodyError `tuf/malformed` for a path that no target has, `tuf/limit` past 32 delegations, and as
 * {@link obtainTargets} for a role on the way: who may speak first must be heard.
 */
export async function findTufTarget(
  ports: TufClientPorts,
  view: TufView,
  path: string,
): Promise<TufTarget | undefined> {
  demandTargetPath(path);
  const waiting: Role<"targets">[] = [topRole(view.root, "targets")];
  const visited = new Set<string>();
  for (let role = waiting.pop(); role; role = waiting.pop()) {
    if (visited.has(role.name)) continue;
    if (visited.size > tufLimits.delegations) throw tooManyDelegations(path);
    visited.add(role.name);
    const { signed } = await obtainTargets(ports, view, role);
    const file = signed.targets.get(path);
    if (file) return { ...file, path, role: role.name };
    const asked = signed.delegations ? rolesFor(ports.crypto, signed.delegations, path) : [];
    if (asked.at(-1)?.terminating) waiting.length = 0;
    waiting.push(...asked.map((one) => ({ ...one, kind: "targets" as const })).toReversed());
  }
  return undefined;
}

/**
 * The bytes of a target, of the length and the hashes that were signed for it (§5.7).
 *
 * @throws CustodyError `tuf/missing`, `tuf/mismatch`, `tuf/limit`, `tuf/unreachable`.
 */
export async function fetchTufTarget(
  { crypto, remote }: Pick<TufClientPorts, "crypto" | "remote">,
  { root }: Pick<TufView, "root">,
  target: TufTarget,
): Promise<Bytes> {
  const { path, length } = target;
  if (length > tufLimits.targetBytes) {
    throw tufFault("tuf/limit", `${path} is longer than ${tufLimits.targetBytes} bytes`, { subject: path });
  }
  const place = placeOf(target, root.signed.consistent_snapshot);
  const bytes = await remote.fetchTarget(place, length);
  if (!bytes) throw absentFault(place);
  demandSignedFile(crypto, { name: path, file: target }, bytes);
  return bytes;
}

// §6.2: with consistent snapshots a target is found under one of its hashes.
function placeOf({ path, hashes }: TufTarget, isConsistent: boolean): string {
  const [hash = ""] = Object.values(hashes);
  const segments = path.split("/").map(quoteName);
  const last = segments.pop() ?? "";
  return [...segments, isConsistent ? `${hash}.${last}` : last].join("/");
}

// Whoever reads a URL makes something else of these.
function demandTargetPath(path: string): void {
  const isPath = path.split("/").every((segment) => !["", ".", ".."].includes(segment));
  if (isPath && path.isWellFormed()) return;
  throw tufFault("tuf/malformed", `${JSON.stringify(path.slice(0, 100))} is no path of a target`, {
    subject: path,
  });
}

function tooManyDelegations(path: string): Error {
  return tufFault(
    "tuf/limit",
    `who speaks for ${path} is more than ${tufLimits.delegations} delegations away`,
    {
      subject: path,
    },
  );
}
