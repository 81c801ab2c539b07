import type { Crypto, Instant } from "custody/ground";
import { formatInstant } from "custody/ground";

import { tufFault } from "./faults.ts";
import { tufKeyId } from "./key.ts";
import type { TufKey } from "./key.ts";
import type { RoleName, TufMetadata, TufRoot } from "./metadata.ts";
import { isSignedBy } from "./signers.ts";

/**
 * Whether enough keys of the role have signed, as the root says. A key counts once, whatever ids it is listed under, and
 * only under the id that is its own.
 */
export async function isSignedFor(
  crypto: Crypto,
  root: TufRoot,
  role: RoleName,
  metadata: Pick<TufMetadata, "signatures" | "signedBytes">,
): Promise<boolean> {
  const { keyids, threshold } = root.roles[role];
  const keys = new Map<string, TufKey>();
  for (const id of keyids) {
    const key = root.keys[id];
    if (key && tufKeyId(crypto, key) === id) keys.set(id, key);
  }
  return isSignedBy(crypto, { keys, threshold }, metadata);
}

/**
 * Demands that a root may follow another (§5.3.4–5.3.7): the next version, signed as both say, not past its end.
 *
 * @throws CustodyError `tuf/version`, `tuf/threshold`, `tuf/expired`.
 */
export async function demandSuccessor(
  crypto: Crypto,
  current: TufMetadata<"root">,
  next: TufMetadata<"root">,
  now: Instant,
): Promise<void> {
  if (next.signed.version !== current.signed.version + 1) {
    throw tufFault(
      "tuf/version",
      `the root has version ${next.signed.version}, and ${current.signed.version} is in force`,
      { next: "make it from the root in force: custody trust rotate-root" },
    );
  }
  await demandSigned(crypto, current.signed, next, "the root in force");
  await demandSigned(crypto, next.signed, next, "the new root");
  demandUnexpired(next, now);
}

/**
 * Demands that a root that is to come in force has not ended.
 *
 * @throws CustodyError `tuf/expired`.
 */
export function demandUnexpired({ signed }: TufMetadata<"root">, now: Instant): void {
  if (signed.expires > now) return;
  throw tufFault("tuf/expired", `the new root ends at ${formatInstant(signed.expires)}, which is past`, {
    next: "make it anew: custody trust rotate-root",
  });
}

async function demandSigned(
  crypto: Crypto,
  by: TufRoot,
  next: TufMetadata<"root">,
  whose: string,
): Promise<void> {
  if (await isSignedFor(crypto, by, "root", next)) return;
  const { threshold, keyids } = by.roles.root;
  throw tufFault(
    "tuf/threshold",
    `fewer than ${threshold} of the ${keyids.length} root keys of ${whose} have signed`,
    {
      next: "sign it with more of them: custody trust sign",
    },
  );
}
