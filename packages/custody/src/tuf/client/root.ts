import type { Bytes, Instant } from "custody/ground";
import { equalBytes } from "custody/ground";

import { tufFault } from "../faults.ts";
import type { RoleName } from "../metadata.ts";
import { hasSameKeys } from "../signers.ts";
import { roleKeysOf } from "./delegations.ts";
import { parseForeignMetadata } from "./foreign-metadata.ts";
import type { ForeignMetadata } from "./foreign-metadata.ts";
import { tufLimits } from "./limits.ts";
import type { TufClientPorts } from "./ports.ts";
import { demandUnexpired, readRole } from "./read-role.ts";
import type { Role } from "./read-role.ts";

export type ForeignRoot = ForeignMetadata<"root">;

/** A top-level role, as the root has it. */
export function topRole<Kind extends RoleName>({ signed }: ForeignRoot, kind: Kind): Role<Kind> {
  return { name: kind, kind, roleKeys: roleKeysOf(signed.keys, signed.roles[kind]) };
}

/**
 * Begins to trust a repository, by a root that came over a way that is trusted (TUF 1.0 §5.2). It may be past its end:
 * later ones may follow.
 *
 * @throws CustodyError `tuf/malformed`, `tuf/threshold`; `tuf/version` where the store has another root already.
 */
export async function beginTuf(
  ports: Pick<TufClientPorts, "crypto" | "store">,
  bytes: Bytes,
): Promise<ForeignRoot> {
  const root = await readOwnRoot(ports, bytes);
  const trusted = await ports.store.read("root");
  if (trusted && !equalBytes(trusted, bytes)) {
    throw tufFault("tuf/version", "another root is trusted there already", {
      next: "begin in an empty directory, or go on from the root that is there",
    });
  }
  await ports.store.write("root", bytes);
  return root;
}

/**
 * The newest root that the trusted one leads to (TUF 1.0 §5.3), version by version, each signed as the one before and as
 * it says itself; only the last must not be past its end. Each is trusted as soon as it is verified.
 *
 * @throws CustodyError `tuf/missing` without a trusted root, `tuf/malformed`, `tuf/threshold`, `tuf/version`, `tuf/expired`,
 * `tuf/limit` when there are more than 256: those are trusted then, and the next refresh goes on.
 */
export async function updateRoot(ports: TufClientPorts, now: Instant): Promise<ForeignRoot> {
  let root = await getTrustedRoot(ports);
  for (let rotations = 0; ; rotations++) {
    const name = `${root.signed.version + 1}.root.json`;
    const bytes = await ports.remote.fetchMetadata(name, tufLimits.rootBytes);
    if (!bytes) return demandUnexpired("root", root, now);
    if (rotations === tufLimits.rootRotations) throw tooManyRoots();
    const next = await readRole(ports, { ...topRole(root, "root"), name }, bytes);
    demandNext(root, next);
    await readRole(ports, { ...topRole(next, "root"), name }, bytes);
    await recover(ports, root, next);
    await ports.store.write("root", bytes);
    root = next;
  }
}

async function getTrustedRoot(ports: TufClientPorts): Promise<ForeignRoot> {
  const bytes = await ports.store.read("root");
  if (bytes) return readOwnRoot(ports, bytes);
  throw tufFault("tuf/missing", "there is no root to begin with", {
    next: "get the repository's root over a way that you trust, and give it: custody tuf init",
  });
}

// A root that is trusted from outside must at least be signed as it says itself.
async function readOwnRoot(ports: Pick<TufClientPorts, "crypto">, bytes: Bytes): Promise<ForeignRoot> {
  return readRole(ports, topRole(parseForeignMetadata(bytes, "root"), "root"), bytes);
}

function demandNext(root: ForeignRoot, next: ForeignRoot): void {
  const wanted = root.signed.version + 1;
  if (next.signed.version === wanted) return;
  throw tufFault("tuf/version", `${wanted}.root.json is version ${next.signed.version}`);
}

// §5.3.11: whoever had a key that is replaced may have signed versions that no later one reaches. They go before the root
// comes: a crash in between leaves less to compare with, never something that stands in the way.
async function recover({ store }: TufClientPorts, root: ForeignRoot, next: ForeignRoot): Promise<void> {
  const isSame = (role: RoleName): boolean =>
    hasSameKeys(topRole(root, role).roleKeys, topRole(next, role).roleKeys);
  if (isSame("timestamp") && isSame("snapshot")) return;
  await store.remove("timestamp");
  await store.remove("snapshot");
}

function tooManyRoots(): Error {
  return tufFault("tuf/limit", `there are more than ${tufLimits.rootRotations} new roots`, {
    next: "refresh again: those that were verified are trusted",
  });
}
