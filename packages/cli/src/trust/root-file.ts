import { createFile } from "@custody/node/files";
import { openExistingKey } from "@custody/node/crypto";
import { CustodyError } from "custody/ground";
import type { Bytes, Signer } from "custody/ground";
import { parseTufMetadata, tufFault } from "custody/tuf";
import type { TufMetadata } from "custody/tuf";

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

/** A root that is to be signed or put in force. @throws CustodyError `tuf/malformed`. */
export async function readRoot(path: string): Promise<TufMetadata<"root">> {
  const bytes = await readSmallFile(path);
  try {
    return parseTufMetadata(bytes, "root");
  } catch (cause) {
    throw tufFault("tuf/malformed", `${path} is no root: ${(cause as Error).message}`, {
      subject: path,
      next: "name a file that custody trust rotate-root --out, or trust sign, has written",
      cause,
    });
  }
}

/** Writes a new file; one that is there already stays. @throws CustodyError `cli/exists`. */
export async function writeNew(path: string, bytes: Bytes): Promise<void> {
  if (await createFile(path, bytes)) return;
  throw new CustodyError("cli/exists", `${path} is there already`, {
    subject: path,
    next: "name another file, or move this one away",
  });
}
