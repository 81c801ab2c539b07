import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { fileFault, hasErrno, makeDirectory, replaceFile, syncDirectory } from "@custody/node/files";
import { quoteName } from "custody/tuf";
import type { TufTrustStore } from "custody/tuf";

/**
 * A {@link TufTrustStore} in a directory, which is made when it is needed: `root.json` and the like, delegated roles under
 * their percent-encoded names.
 *
 * @throws CustodyError `files/disk-full`, `files/unavailable`.
 */
export function openTufTrustStore(directory: string): TufTrustStore {
  const placeOf = (role: string): string => join(directory, `${quoteName(role)}.json`);
  return {
    read: (role) => orFault(placeOf(role), async (path) => new Uint8Array(await readFile(path))),
    write: (role, bytes) =>
      orFault(placeOf(role), async (path) => {
        await makeDirectory(directory);
        await replaceFile(path, bytes);
      }),
    remove: (role) =>
      orFault(placeOf(role), async (path) => {
        await rm(path);
        await syncDirectory(directory);
      }),
  };
}

async function orFault<T>(path: string, act: (path: string) => Promise<T>): Promise<T | undefined> {
  try {
    return await act(path);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw fileFault(error, path);
  }
}
