import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { openKeyFile } from "@custody/node/crypto";
import { createFile, hasErrno } from "@custody/node/files";
import type { Certificate } from "custody/evidence";
import { parseCertificate } from "custody/evidence";
import type { Bytes, Signer } from "custody/ground";

/** The key that signs certificates of authorities: made on first start, and needed again only to make another. */
export function openRootKey(folder: string, name: string): Promise<Signer> {
  return openKeyFile(join(folder, `${name}.key`), "ecdsa-p256-sha256");
}

/** A certificate of the folder, made when it is not there. */
export async function openCertificate(
  folder: string,
  name: string,
  make: () => Promise<Certificate>,
): Promise<Certificate> {
  const path = join(folder, `${name}.crt`);
  const found = (await findFile(path)) ?? (await keepFile(path, (await make()).der));
  return parseCertificate(found);
}

/** Keeps a file where there is none. What is kept first stays: a start that was cut short goes on with the files it had made. */
export async function keepFile(path: string, content: Bytes): Promise<Bytes> {
  await createFile(path, content, { mode: 0o644 });
  return new Uint8Array(await readFile(path));
}

/** A file's bytes, or undefined where there is none. */
export async function findFile(path: string): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}
