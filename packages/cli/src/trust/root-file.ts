import { createFile } from "@custody/node/files";
import { openExistingKey } from "@custody/node/crypto";
import { CustodyError } from "custody/ground";
import type { Bytes, Signer } from "custody/ground";

import { readFileBytes } from "../commands/read-file.ts";

/** The private keys in the files, each of which must be there. */
export async function openKeys(paths: readonly string[]): Promise<readonly Signer[]> {
  const signers: Signer[] = [];
  for (const path of paths) signers.push(await openExistingKey(path));
  return signers;
}

const maxRootBytes = 512 * 1024;

/** A root, or a public key, that a command names. */
export function readSmallFile(path: string): Promise<Bytes> {
  return readFileBytes(path, maxRootBytes);
}

/** Writes a new file; one that is there already stays. @throws CustodyError `cli/exists`. */
export async function writeNew(path: string, bytes: Bytes): Promise<void> {
  if (await createFile(path, bytes)) return;
  throw new CustodyError("cli/exists", `${path} is there already`, {
    subject: path,
    next: "name another file, or move this one away",
  });
}
