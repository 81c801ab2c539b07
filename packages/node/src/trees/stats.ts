import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";

import { hasErrno } from "@custody/node/files";

/** What lies at a path, without following a link; undefined when nothing does. */
export async function findStats(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasErrno(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
