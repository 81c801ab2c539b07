import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { fileFault, hasErrno, makeDirectory, replaceFile } from "@custody/node/files";
import { parseUtf8, toHex, utf8 } from "custody/ground";
import type { WitnessStore } from "custody/witness";

/**
 * A {@link WitnessStore} in files below a directory, one a log, named for the SHA-256 of its origin. The caller holds
 * the directory's lock: two of these on one directory would not know of each other.
 *
 * @throws CustodyError `files/disk-full`, `files/unavailable`.
 */
export async function openWitnessFiles(directory: string): Promise<WitnessStore> {
  await makeDirectory(directory, 0o700);
  const fileOf = (origin: string): string => join(directory, toHex(nodeCrypto.sha256(utf8(origin))));
  const turns = new Map<string, Promise<unknown>>();
  const find = async (origin: string): Promise<string | undefined> => findText(fileOf(origin));
  const compareAndReplace = async (
    origin: string,
    note: string,
    expected: string | undefined,
  ): Promise<boolean> => {
    if ((await find(origin)) !== expected) return false;
    await replaceText(fileOf(origin), note);
    return true;
  };
  return {
    find,
    // Comparing and replacing are one step because a log's writers wait for each other.
    replace(origin, note, expected) {
      const before = turns.get(origin) ?? Promise.resolve();
      const turn = before.then(
        () => compareAndReplace(origin, note, expected),
        () => compareAndReplace(origin, note, expected),
      );
      turns.set(origin, turn);
      return turn;
    },
  };
}

async function findText(file: string): Promise<string | undefined> {
  try {
    return parseUtf8(await readFile(file));
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw fileFault(error, file);
  }
}

async function replaceText(file: string, note: string): Promise<void> {
  try {
    await replaceFile(file, utf8(note), { mode: 0o600 });
  } catch (error) {
    throw fileFault(error, file);
  }
}
