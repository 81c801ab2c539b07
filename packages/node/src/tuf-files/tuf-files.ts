import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { fileFault, hasErrno, makeDirectory, replaceFile } from "@custody/node/files";
import { CustodyError } from "custody/ground";
import type { TufFiles } from "custody/tuf";

/** The names that a repository has: versioned metadata, the timestamp, and targets under their hash. */
const name =
  /^(?:[1-9]\d{0,8}\.(?:root|targets|snapshot)\.json|timestamp\.json|targets\/[0-9a-f]{64}\.[a-z0-9][a-z0-9_.-]{0,99})$/;

/**
 * {@link TufFiles} below a directory, under their own names: a web server can serve them as they are. A name that no
 * repository has is read as absent, and not written.
 *
 * @throws CustodyError `files/disk-full`, `files/unavailable`.
 */
export function openTufFiles(directory: string): TufFiles {
  return {
    async read(path) {
      if (!name.test(path)) return undefined;
      const file = join(directory, path);
      try {
        return new Uint8Array(await readFile(file));
      } catch (error) {
        if (hasErrno(error, "ENOENT")) return undefined;
        throw fileFault(error, file);
      }
    },
    async list() {
      try {
        return (await readdir(directory)).filter((path) => name.test(path));
      } catch (error) {
        if (hasErrno(error, "ENOENT")) return [];
        throw fileFault(error, directory);
      }
    },
    async write(path, bytes) {
      if (!name.test(path)) throw new CustodyError("files/unavailable", `a repository has no file ${path}`);
      const file = join(directory, path);
      try {
        await makeDirectory(dirname(file));
        await replaceFile(file, bytes);
      } catch (error) {
        throw fileFault(error, file);
      }
    },
  };
}
