import { join } from "node:path";

import { findStats } from "@custody/node/trees";
import { runtimeFault } from "custody/runtime";

/**
 * Checks that everything the runtime mounts over, and every directory above it, is a real directory of the root: a link
 * there would have the runtime work somewhere else.
 *
 * @throws CustodyError `runtime/root-unusable`.
 */
export async function checkMountPoints(root: string, mountPoints: readonly string[]): Promise<void> {
  for (const mountPoint of mountPoints) {
    const names = mountPoint.split("/").filter((name) => name !== "");
    for (let count = 1; count <= names.length; count++) {
      const path = names.slice(0, count).join("/");
      if ((await findStats(join(root, path)))?.isDirectory() !== true) {
        throw runtimeFault("runtime/root-unusable", `the root file system has no real directory /${path}`, {
          subject: path,
          next: "make it in the stemcell, or choose another stemcell",
        });
      }
    }
  }
}
