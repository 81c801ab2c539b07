import type { Crypto, PublicKey } from "custody/ground";
import { parseHex, toHex } from "custody/ground";

import { findPublicKey } from "./key.ts";
import type { TufKey } from "./key.ts";
import type { TufMetadata } from "./metadata.ts";

/** Who signs for a role: its keys by their ids, and how many of them must. */
export interface RoleKeys {
  readonly keys: ReadonlyMap<string, TufKey>;
  readonly threshold: number;
}

/**
 * Whether as many keys have signed as must (TUF 1.0 §5.3.4). A key counts once, under however many ids it is listed;
 * signatures of other keys, unreadable ones and empty ones are passed over.
 */
export async function isSignedBy(
  crypto: Crypto,
  { keys, threshold }: RoleKeys,
  { signatures, signedBytes }: Pick<TufMetadata, "signatures" | "signedBytes">,
): Promise<boolean> {
  const good = new Set<string>();
  for (const { keyid, sig } of signatures) {
    const key = findKey(keys.get(keyid));
    if (!key || !isHex(sig)) continue;
    if (await crypto.verify(key, parseHex(sig.toLowerCase()), signedBytes)) good.add(toHex(key.spki));
    if (good.size >= threshold) return true;
  }
  return false;
}

/** Whether the same keys sign for both: by what they are, not by their ids. */
export function hasSameKeys(one: RoleKeys, other: RoleKeys): boolean {
  const [these, those] = [namesOf(one), namesOf(other)];
  return these.size === those.size && [...these].every((name) => those.has(name));
}

function namesOf({ keys }: RoleKeys): ReadonlySet<string> {
  return new Set([...keys.values()].map(({ scheme, keyval }) => `${scheme} ${keyval.public}`));
}

function findKey(key: TufKey | undefined): PublicKey | undefined {
  return key && findPublicKey(key);
}

function isHex(text: string): boolean {
  return /^(?:[0-9a-f]{2})+$/i.test(text);
}
