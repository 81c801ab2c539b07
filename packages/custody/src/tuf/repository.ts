import type { Bytes, Clock, Crypto, CustodyError, Instant, Signer } from "custody/ground";
import { equalBytes, instantOf, toHex } from "custody/ground";

import type { TufFaultCode } from "./faults.ts";
import { tufFault } from "./faults.ts";
import { tufKeyId, tufKeyOf } from "./key.ts";
import type { Kept, KeptRoles } from "./kept.ts";
import { readKept } from "./kept.ts";
import type { RoleName, TufContent, TufMetadata, TufRoot } from "./metadata.ts";
import { parseTufMetadata, signTufMetadata } from "./metadata.ts";
import { demandSuccessor, isSignedFor } from "./verify.ts";

/** What a repository acts through. */
export interface TufPorts {
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly files: TufFiles;
  /** The keys that are at hand for targets, snapshot and timestamp; those that the root lists sign. */
  onlineSigners(): Promise<readonly Signer[]>;
}

/**
 * The files of a repository, by their names in it.
 *
 * `write` replaces a file as a whole and answers when that is durable; a reader sees the one or the other.
 */
export interface TufFiles {
  read(name: string): Promise<Bytes | undefined>;
  /** The names of the metadata, in any order. */
  list(): Promise<readonly string[]>;
  write(name: string, bytes: Bytes): Promise<void>;
}

/** What the repository says at this time. */
export interface TufState {
  readonly root: TufMetadata<"root">;
  readonly targets: TufMetadata<"targets"> | undefined;
  readonly snapshot: TufMetadata<"snapshot"> | undefined;
  readonly timestamp: TufMetadata<"timestamp"> | undefined;
}

const dayMilliseconds = 24 * 3_600_000;
/** How long each role's metadata hold, and how long before their end they are signed anew. */
const lives = {
  targets: { days: 180, renewed: 90 },
  snapshot: { days: 30, renewed: 15 },
  timestamp: { days: 7, renewed: 6 },
} as const;

/** Until when something that is signed now holds. */
export function daysFrom(clock: Clock, days: number): Instant {
  return instantOf(Math.floor(clock.now() / 1000) * 1000 + days * dayMilliseconds);
}

/** The first root: one key for its own role, one for the three that are signed from day to day. */
export async function createTufRoot(
  ports: Pick<TufPorts, "crypto" | "clock">,
  rootSigner: Signer,
  online: Signer,
  days: number,
): Promise<TufMetadata<"root">> {
  const [own, daily] = [tufKeyOf(rootSigner.publicKey), tufKeyOf(online.publicKey)];
  const [ownId, dailyId] = [tufKeyId(ports.crypto, own), tufKeyId(ports.crypto, daily)];
  const role = (id: string) => ({ keyids: [id], threshold: 1 });
  const content = {
    version: 1,
    expires: daysFrom(ports.clock, days),
    consistent_snapshot: true,
    keys: { [ownId]: own, [dailyId]: daily },
    roles: { root: role(ownId), targets: role(dailyId), snapshot: role(dailyId), timestamp: role(dailyId) },
  } as const satisfies TufContent<"root">;
  return signTufMetadata(ports.crypto, "root", content, [rootSigner]);
}

/**
 * A TUF repository of static files (TUF 1.0 with consistent snapshots): roots are brought from outside, signed offline;
 * the rest is kept true to its targets and fresh by {@link reconcile}.
 */
export class TufRepository {
  readonly #ports: TufPorts;

  constructor(ports: TufPorts) {
    this.#ports = ports;
  }

  /** Puts the first root in place. Where there is one already, it stays. */
  async begin(root: () => Promise<TufMetadata<"root">>): Promise<void> {
    const names = await this.#ports.files.list();
    if (names.some((name) => name.endsWith(".root.json"))) return;
    await this.#write(rootName(1), (await root()).bytes);
  }

  /**
   * Puts the next root in place.
   *
   * @throws CustodyError `tuf/…` for one that may not follow the root in force.
   */
  async acceptRoot(bytes: Bytes): Promise<TufMetadata<"root">> {
    const { crypto, clock } = this.#ports;
    const next = parseTufMetadata(bytes, "root");
    const { root } = await readKept(this.#ports);
    await demandSuccessor(crypto, root, next, clock.now());
    await this.#write(rootName(next.signed.version), next.bytes);
    return next;
  }

  /** @throws CustodyError `tuf/damaged` where something that is in force is not as it was signed. */
  async state(): Promise<TufState> {
    const { root, targets, snapshot, timestamp, damage } = await readKept(this.#ports);
    if (damage[0]) throw damage[0];
    return {
      root,
      timestamp: timestamp.metadata,
      snapshot: snapshot.metadata,
      targets: targets.metadata,
    };
  }

  /** What is not as it was signed, one `tuf/damaged` a file. {@link reconcile} mends all of it but roots. */
  async findDamage(): Promise<readonly CustodyError<TufFaultCode>[]> {
    const { damage, rootDamage } = await readKept(this.#ports);
    return [...rootDamage, ...damage];
  }

  /**
   * Makes the repository say these targets, signed by keys of the root in force and not near their end. What is good
   * already stays as it is; what is damaged is signed anew, under a version that is higher than any before. A crash leaves what was in force before: the timestamp is written last.
   *
   * @returns the roles that were signed anew.
   * @throws CustodyError `tuf/missing` when none of the keys at hand may sign; `tuf/damaged` for a damaged root; what the files and signers throw.
   */
  async reconcile(wanted: ReadonlyMap<string, Bytes>): Promise<readonly RoleName[]> {
    const kept = await readKept(this.#ports);
    const renewed: RoleName[] = [];
    const targets = await this.#renew("targets", kept, renewed, {
      isSame: (old) => isSameTargets(this.#describe(wanted), old.targets),
      content: () => ({ targets: this.#describe(wanted) }),
    });
    for (const [name, bytes] of wanted) await this.#keepTarget(name, bytes);
    const snapshot = await this.#renew("snapshot", kept, renewed, {
      isSame: (old) =>
        old.meta["targets.json"].version === targets.signed.version && !renewed.includes("targets"),
      content: () => ({ meta: { "targets.json": this.#fileOf(targets) } }),
    });
    await this.#renew("timestamp", kept, renewed, {
      isSame: (old) =>
        old.meta["snapshot.json"].version === snapshot.signed.version && !renewed.includes("snapshot"),
      content: () => ({ meta: { "snapshot.json": this.#fileOf(snapshot) } }),
    });
    return renewed;
  }

  async #renew<Role extends Exclude<RoleName, "root">>(
    role: Role,
    kept: KeptRoles,
    renewed: RoleName[],
    wish: RoleWish<Role>,
  ): Promise<TufMetadata<Role>> {
    const { crypto, clock } = this.#ports;
    const { metadata: old, version } = kept[role] as Kept<Role>;
    const isFresh =
      old !== undefined &&
      wish.isSame(old.signed) &&
      old.signed.expires >= daysFrom(clock, lives[role].renewed) &&
      (await isSignedFor(crypto, kept.root.signed, role, old));
    if (isFresh) return old;
    const content = {
      ...wish.content(),
      version: version + 1,
      expires: daysFrom(clock, lives[role].days),
    } as TufContent<Role>;
    const made = await signTufMetadata(crypto, role, content, await this.#signersOf(role, kept.root.signed));
    await this.#write(
      role === "timestamp" ? "timestamp.json" : `${made.signed.version}.${role}.json`,
      made.bytes,
    );
    renewed.push(role);
    return made;
  }

  async #signersOf(role: RoleName, root: TufRoot): Promise<readonly Signer[]> {
    const { crypto } = this.#ports;
    const { keyids, threshold } = root.roles[role];
    const signers = (await this.#ports.onlineSigners()).filter(({ publicKey }) =>
      keyids.includes(tufKeyId(crypto, tufKeyOf(publicKey))),
    );
    if (signers.length >= threshold) return signers;
    throw tufFault(
      "tuf/missing",
      `the root wants ${threshold} keys to sign ${role}, ${signers.length} are at hand`,
      {
        next: "restore the key, or rotate it: custody trust rotate-key online",
      },
    );
  }

  #describe(wanted: ReadonlyMap<string, Bytes>): TargetFiles {
    const file = (bytes: Bytes) => ({
      length: bytes.length,
      hashes: { sha256: toHex(this.#ports.crypto.sha256(bytes)) },
    });
    return Object.fromEntries([...wanted].map(([name, bytes]) => [name, file(bytes)]));
  }

  #fileOf({ signed, bytes }: TufMetadata) {
    return {
      version: signed.version,
      length: bytes.length,
      hashes: { sha256: toHex(this.#ports.crypto.sha256(bytes)) },
    };
  }

  // Consistent snapshots: a target is found under its hash (§6.2), and never changes there.
  async #keepTarget(name: string, bytes: Bytes): Promise<void> {
    const place = `targets/${toHex(this.#ports.crypto.sha256(bytes))}.${name}`;
    const kept = await this.#ports.files.read(place);
    if (!kept || !equalBytes(kept, bytes)) await this.#write(place, bytes);
  }

  #write(name: string, bytes: Bytes): Promise<void> {
    return this.#ports.files.write(name, bytes);
  }
}

interface RoleWish<Role extends RoleName> {
  isSame(old: TufMetadata<Role>["signed"]): boolean;
  content(): object;
}

type TargetFiles = TufMetadata<"targets">["signed"]["targets"];

function isSameTargets(wanted: TargetFiles, old: TargetFiles): boolean {
  const names = Object.keys(wanted);
  return (
    names.length === Object.keys(old).length &&
    names.every((name) => old[name] !== undefined && old[name].hashes.sha256 === wanted[name]?.hashes.sha256)
  );
}

function rootName(version: number): string {
  return `${version}.root.json`;
}
