import { join } from "node:path";

import { findFaultCode } from "custody/ground";
import type { TreeEntry } from "custody/tar";
import { parseTreePath } from "custody/tar";

import { treesFault } from "./faults.ts";
import { findStats } from "./stats.ts";
import { Walk } from "./walk.ts";

export interface CollectLimits {
  readonly maxFiles: number;
  readonly maxTotalBytes: number;
}

/**
 * What a finished step leaves at the paths it declared, below its work directory: files and directories only, each
 * with one name, on the work directory's own file system, with plain modes. Nobody may still write there.
 *
 * @throws CustodyError `trees/missing` for an output that is not there, `trees/escape` for a declared path that leaves
 *   the directory, `trees/…` for anything that is not a plain file or directory, or over the limits.
 */
export async function collectOutputs(
  workDirectory: string,
  paths: readonly string[],
  limits: CollectLimits,
): Promise<TreeEntry[]> {
  const walk = await Walk.start(workDirectory, {
    symlinks: false,
    hardLinks: false,
    modes: "plain",
    ...limits,
  });
  for (const path of paths) {
    await checkDirectoriesAbove(workDirectory, parseOutputPath(path));
    await walk.add(path);
  }
  return walk.entries;
}

function parseOutputPath(path: string): string {
  try {
    return parseTreePath(path);
  } catch (cause) {
    if (findFaultCode(cause) !== "tar/path") throw cause;
    throw treesFault("trees/escape", `"${path}" is not a path below the work directory`, {
      subject: path,
      cause,
    });
  }
}

// A step could put a link to anywhere in the place of a directory above its output.
async function checkDirectoriesAbove(workDirectory: string, path: string): Promise<void> {
  const names = path.split("/");
  for (let count = 1; count <= names.length; count++) {
    const above = names.slice(0, count).join("/");
    const stats = await findStats(join(workDirectory, above));
    if (stats === undefined) throw treesFault("trees/missing", `there is no "${path}"`, { subject: path });
    if (count < names.length && !stats.isDirectory()) {
      const code = stats.isSymbolicLink() ? "trees/symlink" : "trees/special-file";
      throw treesFault(code, `"${above}" is not a directory`, { subject: path });
    }
  }
}
