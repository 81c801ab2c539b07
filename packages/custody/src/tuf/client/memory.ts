import type { Bytes } from "custody/ground";

import { tufFault } from "../faults.ts";
import type { TufRemote, TufTrustStore } from "./ports.ts";

/** What a client trusts, in memory. */
export function memoryTufTrustStore(): TufTrustStore & { readonly roles: Map<string, Bytes> } {
  const roles = new Map<string, Bytes>();
  return {
    roles,
    read: (role) => Promise.resolve(roles.get(role)),
    write: (role, bytes) => {
      roles.set(role, bytes);
      return Promise.resolve();
    },
    remove: (role) => {
      roles.delete(role);
      return Promise.resolve();
    },
  };
}

/** A repository of files in memory: metadata by name, targets below `targets/`. It remembers what it was asked for. */
export function memoryTufRemote(
  files: ReadonlyMap<string, Bytes>,
): TufRemote & { readonly requests: string[] } {
  const requests: string[] = [];
  const read = async (name: string, limitBytes: number): Promise<Bytes | undefined> => {
    requests.push(name);
    const bytes = files.get(name);
    if (bytes === undefined || bytes.length <= limitBytes) return bytes;
    throw tufFault("tuf/limit", `${name} is longer than ${limitBytes} bytes`, { subject: name });
  };
  return { requests, fetchMetadata: read, fetchTarget: (path, limit) => read(`targets/${path}`, limit) };
}
