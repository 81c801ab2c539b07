import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

import { CustodyError } from "custody/ground";
import type { Artifacts } from "custody/in-toto";

const maxFiles = 100_000;

/**
 * Every file below a folder by its path and SHA-256, as in-toto's tools record them: metadata of in-toto and git's own
 * files are left out, links to directories are not followed.
 */
export async function recordArtifacts(folder: string): Promise<Artifacts> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !isLeftOut(path))
    .sort();
  if (paths.length > maxFiles) {
    throw new CustodyError("in-toto/links", `there are more than ${maxFiles} files`, { subject: folder });
  }
  const found: [string, { sha256: string }][] = [];
  for (const path of paths) found.push([path, { sha256: await hashFile(join(folder, path)) }]);
  return Object.fromEntries(found);
}

function isLeftOut(path: string): boolean {
  const names = path.split("/");
  return names.includes(".git") || /\.link[^/]*$|\.pyc$|~$/.test(path);
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
