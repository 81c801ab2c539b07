import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

import { makeDirectory, replaceFile } from "@custody/node/files";
import { utf8 } from "custody/ground";

import { findBinaries } from "./binaries.ts";

/** The folders of one PostgreSQL, by their real paths. */
export interface Places {
  readonly native: string;
  readonly data: string;
  readonly conf: string;
  readonly socket: string;
}

/** The user PostgreSQL runs as when the server runs as root: one that nothing else on the machine runs as. */
export const databaseUser = { name: "custody", uid: 65_525, gid: 65_525 } as const;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

// sockaddr_un has 108 bytes with the final null; PostgreSQL adds this name to the folder's.
const socketName = "/.s.PGSQL.5432";
const socketPathLimit = 107;

/** Makes the folders below `directory` that are missing, except `data`, and writes who may connect. */
export async function preparePlaces(directory: string): Promise<Places> {
  await makeDirectory(directory, 0o700);
  const { directory: native } = await findBinaries();
  const conf = join(directory, "conf");
  await makeDirectory(conf);
  await replaceFile(join(conf, "pg_hba.conf"), utf8("local all all peer map=custody\n"));
  await replaceFile(join(conf, "pg_ident.conf"), utf8(`custody "${userInfo().username}" custody\n`));
  return { native, data: join(directory, "data"), conf, socket: await makeSocketFolder(directory) };
}

async function makeSocketFolder(directory: string): Promise<string> {
  const beside = join(directory, "socket");
  const isShort = Buffer.byteLength(beside + socketName) <= socketPathLimit;
  return isShort ? makeOwn(beside) : makeElsewhere(directory);
}

// The same folder each time, so that crashes do not fill the temporary directory; not one that a stranger put there.
async function makeElsewhere(directory: string): Promise<string> {
  const name = createHash("sha256").update(directory).digest("hex").slice(0, 16);
  const path = join(tmpdir(), `custody-${name}`);
  const isOurs = await makeOwn(path).then(isPrivateFolder, () => false);
  return isOurs ? path : makeOwn(await mkdtemp(join(tmpdir(), "custody-")));
}

async function isPrivateFolder(path: string): Promise<boolean> {
  const found = await lstat(path);
  const owner = isRoot() ? databaseUser.uid : process.getuid?.();
  return found.isDirectory() && found.uid === owner && (found.mode & 0o077) === 0;
}

/** Makes a folder, if it is missing, that only the user PostgreSQL runs as (and root) can enter. */
export async function makeOwn(path: string): Promise<string> {
  const isNew = await mkdir(path, { recursive: true, mode: 0o700 });
  if (isNew !== undefined) await chmod(path, 0o700);
  if (isNew !== undefined && isRoot()) await chown(path, databaseUser.uid, databaseUser.gid);
  return path;
}

/** Removes the socket's folder; what is in it is not kept from one start to the next. */
export async function removeSocketFolder(places: Places): Promise<void> {
  await rm(places.socket, { recursive: true, force: true });
}
