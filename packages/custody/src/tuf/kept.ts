import type { CustodyError, Instant } from "custody/ground";
import { toHex } from "custody/ground";

import type { TufFaultCode } from "./faults.ts";
import { tufFault } from "./faults.ts";
import type { RoleName, TufMetadata } from "./metadata.ts";
import { parseTufMetadata } from "./metadata.ts";
import type { TufPorts } from "./repository.ts";
import { isSignedFor } from "./verify.ts";

/** What a repository has kept of a role that it signs itself. */
export interface Kept<Role extends RoleName> {
  /** As they were signed; undefined where there are none, or damaged ones. */
  readonly metadata: TufMetadata<Role> | undefined;
  /** No client has seen a higher version. */
  readonly version: number;
}

/** What a repository has kept of all roles. */
export interface KeptRoles {
  /** The newest root. */
  readonly root: TufMetadata<"root">;
  readonly targets: Kept<"targets">;
  readonly snapshot: Kept<"snapshot">;
  readonly timestamp: Kept<"timestamp">;
  /** `tuf/damaged` for each file of these that is not as it was signed. */
  readonly damage: readonly CustodyError<TufFaultCode>[];
  /** The same for the roots before: clients that have seen none later come no further. */
  readonly rootDamage: readonly CustodyError<TufFaultCode>[];
}

type ReadPorts = Pick<TufPorts, "crypto" | "clock" | "files">;
type Daily = Exclude<RoleName, "root">;

const maxRoots = 10_000;
const timestampName = "timestamp.json";

/**
 * Reads what is in force, each file held against what was signed. What is damaged counts as absent, with the version that whoever
 * signs it anew must go beyond.
 *
 * @throws CustodyError `tuf/missing` without a root, `tuf/damaged` when the newest root is damaged: nobody here can sign that.
 */
export async function readKept(ports: ReadPorts): Promise<KeptRoles> {
  const names = await ports.files.list();
  const older = new Inspection(ports);
  const [root, ...before] = await readRoots(older, newestOf(names, "root"));
  const daily = new Inspection(ports, [root, ...before]);
  const snapshots = newestOf(names, "snapshot");
  const timestamp = snapshots > 0 || names.includes(timestampName) ? await daily.timestamp() : undefined;
  const snapshot = await daily.versioned("snapshot", snapshots, timestamp?.signed.meta["snapshot.json"]);
  const pointed = snapshot.metadata?.signed.meta["targets.json"];
  const targets = await daily.versioned("targets", newestOf(names, "targets"), pointed);
  const version = timestamp?.signed.version ?? (snapshots > 0 ? secondsOf(ports.clock.now()) : 0);
  return {
    root,
    targets,
    snapshot,
    timestamp: { metadata: timestamp, version },
    damage: daily.damage,
    rootDamage: older.damage,
  };
}

// Only the newest timestamp is kept, so nobody knows its version when it is damaged. It counts up by less than one a second.
function secondsOf(now: Instant): number {
  return Math.floor(now / 1000);
}

async function readRoots(
  inspection: Inspection,
  newest: number,
): Promise<readonly [TufMetadata<"root">, ...TufMetadata<"root">[]]> {
  if (newest === 0) throw tufFault("tuf/missing", "the repository has no root");
  const root = await inspection.root(newest);
  if (!root) throw inspection.damage[0];
  const before: TufMetadata<"root">[] = [];
  for (let version = newest - 1; version >= Math.max(1, newest - maxRoots); version--) {
    const found = await inspection.root(version);
    if (found) before.push(found);
  }
  return [root, ...before];
}

/** Files held against what was signed, and what came of it. */
class Inspection {
  readonly damage: CustodyError<TufFaultCode>[] = [];
  readonly #ports: ReadPorts;
  readonly #roots: readonly TufMetadata<"root">[];

  constructor(ports: ReadPorts, roots: readonly TufMetadata<"root">[] = []) {
    this.#ports = ports;
    this.#roots = roots;
  }

  root(version: number): Promise<TufMetadata<"root"> | undefined> {
    return this.#find(nameOf("root", version), "root", async (root) => {
      if (root.signed.version !== version) return false;
      return isSignedFor(this.#ports.crypto, root.signed, "root", root);
    });
  }

  timestamp(): Promise<TufMetadata<"timestamp"> | undefined> {
    return this.#find(timestampName, "timestamp", (metadata) => this.#isOwn("timestamp", metadata));
  }

  /** The version that is pointed at; without that the newest. */
  async versioned<Role extends "snapshot" | "targets">(
    role: Role,
    newest: number,
    pointed: { readonly version: number; readonly hashes: { readonly sha256: string } } | undefined,
  ): Promise<Kept<Role>> {
    const version = pointed?.version ?? newest;
    if (version === 0) return { metadata: undefined, version };
    const metadata = await this.#find(nameOf(role, version), role, async (found) => {
      if (found.signed.version !== version) return false;
      if (pointed && pointed.hashes.sha256 !== toHex(this.#ports.crypto.sha256(found.bytes))) return false;
      return this.#isOwn(role, found);
    });
    return { metadata, version: metadata ? version : Math.max(version, newest) };
  }

  // After a root with other keys everything still is as the root before had it signed.
  async #isOwn<Role extends Daily>(role: Role, metadata: TufMetadata<Role>): Promise<boolean> {
    for (const { signed } of this.#roots) {
      if (await isSignedFor(this.#ports.crypto, signed, role, metadata)) return true;
    }
    return false;
  }

  async #find<Role extends RoleName>(
    name: string,
    role: Role,
    isSound: (metadata: TufMetadata<Role>) => Promise<boolean>,
  ): Promise<TufMetadata<Role> | undefined> {
    const bytes = await this.#ports.files.read(name);
    try {
      if (!bytes) throw new Error("it is not there");
      const metadata = parseTufMetadata(bytes, role);
      if (await isSound(metadata)) return metadata;
      throw new Error("it is not as it was signed");
    } catch (cause) {
      this.damage.push(damaged(name, role, cause as Error));
      return undefined;
    }
  }
}

function damaged(name: string, role: RoleName, cause: Error): CustodyError<TufFaultCode> {
  return tufFault("tuf/damaged", `${name} of the trust repository is damaged: ${cause.message}`, {
    subject: name,
    next:
      role === "root"
        ? "put it back as it was: whoever follows the repository, or mirrors it, has it; nobody has to be asked for a signature"
        : "the server signs it anew when it starts, and every ten minutes",
    cause,
  });
}

function nameOf(role: RoleName, version: number): string {
  return `${version}.${role}.json`;
}

function newestOf(names: readonly string[], role: RoleName): number {
  const versions = names
    .filter((name) => name.endsWith(`.${role}.json`))
    .map((name) => Number(name.slice(0, name.indexOf("."))));
  return versions.reduce((highest, version) => Math.max(highest, version), 0);
}
