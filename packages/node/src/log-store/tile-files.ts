import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { createFile, fileFault, hasErrno, makeDirectory } from "@custody/node/files";
import { equalBytes } from "custody/ground";
import type { Bytes } from "custody/ground";
import { otherContent } from "custody/log";
import type { TileStore } from "custody/log";
import { parseTilePath } from "custody/merkle";

/**
 * A {@link TileStore} in files below a directory, under the tiles' own paths: a web server can serve them as they are.
 *
 * @throws CustodyError `files/disk-full`, `files/unavailable`.
 */
export function openTileFiles(directory: string): TileStore {
  const read = async (path: string) => findFile(fileOf(directory, path));
  return {
    read,
    async write(path, content) {
      const isNew = await create(fileOf(directory, path), content);
      const present = isNew ? content : await read(path);
      if (!present || !equalBytes(present, content)) throw otherContent(path);
    },
  };
}

// A path that names a tile has no way out of the directory.
function fileOf(directory: string, path: string): string {
  parseTilePath(path);
  return join(directory, path);
}

async function findFile(file: string): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw fileFault(error, file);
  }
}

async function create(file: string, content: Bytes): Promise<boolean> {
  try {
    await makeDirectory(dirname(file));
    return await createFile(file, content);
  } catch (error) {
    throw fileFault(error, file);
  }
}
