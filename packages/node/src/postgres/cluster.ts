import { once } from "node:events";
import { readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { fileFault, hasErrno, syncDirectory } from "@custody/node/files";

import { ChildOutput } from "./child-output.ts";
import { postgresFault } from "./faults.ts";
import { launcherFor } from "./launcher.ts";
import { makeOwn } from "./places.ts";
import type { Places } from "./places.ts";

const majorVersion = "18";

/**
 * Makes the database files where there are none, whole or not at all.
 *
 * @throws CustodyError `postgres/version` for files of another PostgreSQL; `postgres/start`, `files/…`.
 */
export async function ensureCluster(places: Places): Promise<void> {
  const version = await findVersion(places);
  if (version === undefined) return createCluster(places);
  if (version === majorVersion) return undefined;
  throw postgresFault("postgres/version", `the files are of PostgreSQL ${version}, not ${majorVersion}`, {
    subject: places.data,
    next: `move them to PostgreSQL ${majorVersion} with pg_dump and psql`,
  });
}

async function findVersion(places: Places): Promise<string | undefined> {
  try {
    return (await readFile(join(places.data, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw fileFault(error, places.data);
  }
}

// initdb works in a folder of another name: a crash half way leaves nothing that looks like a database.
async function createCluster(places: Places): Promise<void> {
  const staged = `${places.data}.new`;
  await rm(staged, { recursive: true, force: true });
  await makeOwn(staged);
  await runInitdb({ ...places, data: staged });
  await rename(staged, places.data);
  await syncDirectory(dirname(places.data));
}

async function runInitdb(places: Places): Promise<void> {
  const launcher = launcherFor(places);
  const child = launcher.launch("initdb", [
    `--pgdata=${launcher.places.data}`,
    "--username=custody",
    "--auth=peer",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
  ]);
  const output = new ChildOutput(child);
  const [code] = (await once(child, "close").catch((cause: unknown) => {
    throw noTools(cause);
  })) as [number | null];
  if (code === 0) return;
  throw postgresFault("postgres/start", "the database files could not be made", {
    subject: places.data,
    next: "read its last lines in the details; --database postgres://… uses a PostgreSQL of your own",
    details: { output: output.lines },
  });
}

/** The fault of a program that could not even be started. */
export function noTools(cause: unknown): Error {
  return postgresFault("postgres/start", "PostgreSQL could not be started", {
    next: "install the commands setpriv and unshare (Debian package util-linux)",
    cause,
  });
}
