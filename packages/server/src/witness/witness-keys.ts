import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { nodeCrypto, openKeyFile } from "@custody/node/crypto";
import { createFile, makeDirectory } from "@custody/node/files";
import { CustodyError, utf8 } from "custody/ground";
import { cosignerKeyOf, formatVerifierKey } from "custody/note";
import type { Cosigner } from "custody/note";

/** The keys of a witness, and how others write them. */
export interface WitnessKeys {
  readonly cosigners: readonly Cosigner[];
  /** Verifier keys as texts: Ed25519, then ML-DSA-44. */
  readonly vkeys: readonly string[];
}

/**
 * Opens the keys below `directory/keys`, made on first start, for the owner only, under the name of that start: an
 * Ed25519 key for two names would say nothing about either.
 *
 * @throws CustodyError `witness/name` when the directory belongs to another name, `note/key` for what is no name,
 * `crypto/…`, `files/…`.
 */
export async function openWitnessKeys(directory: string, name: string): Promise<WitnessKeys> {
  const folder = join(directory, "keys");
  await makeDirectory(folder, 0o700);
  const cosigners = [
    { name, signer: await openKeyFile(join(folder, "ed25519.key"), "ed25519") },
    { name, signer: await openKeyFile(join(folder, "ml-dsa-44.key"), "ml-dsa-44") },
  ];
  const vkeys = cosigners.map((cosigner) => formatVerifierKey(cosignerKeyOf(nodeCrypto, cosigner)));
  await keepName(directory, name);
  return { cosigners, vkeys };
}

async function keepName(directory: string, name: string): Promise<void> {
  const path = join(directory, "name");
  await createFile(path, utf8(`${name}\n`));
  const kept = (await readFile(path, "utf8")).trim();
  if (kept === name) return;
  throw new CustodyError("witness/name", `the directory is the witness ${kept}, not ${name}`, {
    subject: directory,
    next: "start it under its own name, or another witness in another directory",
  });
}
