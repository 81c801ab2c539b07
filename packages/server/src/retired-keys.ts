import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";

import { openKeyFile } from "@custody/node/crypto";
import { hasErrno, lockDirectory, makeDirectory, syncDirectory } from "@custody/node/files";
import type { Bytes, Instant } from "custody/ground";
import { CustodyError, formatInstant, instantOf, parseInstant, toHex } from "custody/ground";

import { findFile } from "./key-folder.ts";

/** The keys of the services that can be rotated, and their files' names. */
const files = { signing: "intermediate", keyless: "keyless", timestamp: "timestamp", log: "log" } as const;

export type ServiceKey = keyof typeof files;
export const serviceKeys = Object.keys(files) as readonly ServiceKey[];

export function isServiceKey(name: string): name is ServiceKey {
  return name in files;
}

/**
 * Takes a service's key and certificate out of use: the next start makes others, and ends the trust in these with the
 * moment of this call. What they signed before stays good. The server must not run.
 *
 * @throws CustodyError `files/locked` while it does, `server/no-key` where there is none.
 */
export async function retireKey(
  directory: string,
  name: ServiceKey,
): Promise<{ readonly end: string; readonly folder: string }> {
  const lock = await lockDirectory(directory);
  try {
    return await retireKeyFiles(directory, name, instantOf(Date.now()));
  } finally {
    await lock.release();
  }
}

/** The same for a caller who holds the lock, at a moment that it says. */
export async function retireKeyFiles(
  directory: string,
  name: ServiceKey,
  at: Instant,
): Promise<{ readonly end: string; readonly folder: string }> {
  const keys = join(directory, "keys");
  await demandKey(keys, name);
  const end = formatInstant(at);
  const folder = join(keys, "retired", `${files[name]}@${end}`);
  await makeDirectory(folder, 0o700);
  // The certificate first: a key without one is certified anew, a certificate without its key would be of no use.
  const certificate = name === "log" ? [] : [`${files[name]}.crt`];
  for (const file of [...certificate, `${files[name]}.key`]) await move(keys, folder, file);
  return { end, folder };
}

async function demandKey(keys: string, name: ServiceKey): Promise<void> {
  const file = `${files[name]}.key`;
  if (await findFile(join(keys, file))) return;
  const retired = (await listFolder(join(keys, "retired"))).filter((one) =>
    one.startsWith(`${files[name]}@`),
  );
  const [, end] = retired.toSorted().at(-1)?.split("@") ?? [];
  if (end === undefined) throw noKey(keys, file);
  throw new CustodyError("server/no-key", `the ${name} key is retired already, since ${end}`, {
    subject: file,
    next: "start the server, which makes the next one",
  });
}

function noKey(folder: string, file: string): CustodyError {
  return new CustodyError("server/no-key", `there is no ${join(folder, file)}`, {
    subject: file,
    next: "name the server's directory with --dir",
  });
}

async function move(from: string, to: string, file: string): Promise<void> {
  try {
    await rename(join(from, file), join(to, file));
    await syncDirectory(to);
    await syncDirectory(from);
  } catch (cause) {
    if (!hasErrno(cause, "ENOENT")) throw cause;
    throw noKey(from, file);
  }
}

/** What was taken out of use, and since when: certificates, and of logs the public keys, as hexadecimal DER. */
export async function findRetired(keys: string): Promise<ReadonlyMap<string, Instant>> {
  const top = join(keys, "retired");
  const retired = new Map<string, Instant>();
  for (const folder of await listFolder(top)) {
    const [file = "", end = ""] = folder.split("@");
    const path = join(top, folder, file);
    const found = file === files.log ? await findPublicKey(`${path}.key`) : await findFile(`${path}.crt`);
    if (found) retired.set(toHex(found), parseInstant(end));
  }
  return retired;
}

async function findPublicKey(path: string): Promise<Bytes | undefined> {
  return (await findFile(path)) && (await openKeyFile(path, "ed25519")).publicKey.spki;
}

async function listFolder(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return [];
    throw error;
  }
}
