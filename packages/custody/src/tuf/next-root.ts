import type { Clock, Crypto, PublicKey } from "custody/ground";

import { tufFault } from "./faults.ts";
import { tufKeyId, tufKeyOf } from "./key.ts";
import type { TufContent, TufRoot } from "./metadata.ts";
import { daysFrom } from "./repository.ts";

/** How the next root differs from the one in force. */
export interface RootChange {
  /** Further keys of the root role. */
  readonly add?: readonly PublicKey[];
  /** Ids of keys that are no longer of the root role. */
  readonly remove?: readonly string[];
  /** How many root keys must sign the root after this one. */
  readonly threshold?: number;
  /** The one key for targets, snapshot and timestamp from now on. */
  readonly online?: PublicKey;
  /** For how long it holds. */
  readonly days: number;
}

/**
 * The content of the next root; nothing is signed yet.
 *
 * @throws CustodyError `tuf/malformed` for a key that is not there to be removed, or a threshold that no keys could meet.
 */
export function nextTufRoot(
  { crypto, clock }: { readonly crypto: Pick<Crypto, "sha256">; readonly clock: Clock },
  current: TufRoot,
  change: RootChange,
): TufContent<"root"> {
  const { add = [], remove = [], online, days } = change;
  const identified = (keys: readonly PublicKey[]) =>
    keys.map(tufKeyOf).map((key) => [tufKeyId(crypto, key), key] as const);
  const unknown = remove.find((id) => !current.roles.root.keyids.includes(id));
  if (unknown !== undefined) {
    throw tufFault("tuf/malformed", `the root role has no key ${unknown}`, {
      subject: unknown,
      next: "custody trust show lists the ids of its keys",
    });
  }
  const added = identified(add);
  const keyids = [...new Set([...current.roles.root.keyids, ...added.map(([id]) => id)])].filter(
    (id) => !remove.includes(id),
  );
  const threshold = change.threshold ?? current.roles.root.threshold;
  if (threshold < 1 || threshold > keyids.length) {
    throw tufFault("tuf/malformed", `${threshold} of ${keyids.length} root keys cannot sign`, {
      next: "say with --threshold how many must",
    });
  }
  const daily = identified(online ? [online] : []);
  const dailyRole = online ? { keyids: daily.map(([id]) => id), threshold: 1 } : undefined;
  const roles = {
    root: { keyids, threshold },
    targets: dailyRole ?? current.roles.targets,
    snapshot: dailyRole ?? current.roles.snapshot,
    timestamp: dailyRole ?? current.roles.timestamp,
  };
  const used = new Set(Object.values(roles).flatMap((role) => role.keyids));
  const keys = { ...current.keys, ...Object.fromEntries([...added, ...daily]) };
  return {
    version: current.version + 1,
    expires: daysFrom(clock, days),
    consistent_snapshot: true,
    keys: Object.fromEntries(Object.entries(keys).filter(([id]) => used.has(id))),
    roles,
  };
}
