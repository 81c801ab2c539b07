import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { fileFault, hasErrno, replaceFile } from "@custody/node/files";
import type { WitnessDemand } from "custody/evidence";
import { formatWitnessDemand, parseWitnessDemand } from "custody/evidence";
import type { Bytes, Clock } from "custody/ground";
import { CustodyError, utf8 } from "custody/ground";

/** Where the policy in force is kept, and under which name it is served. */
export const witnessPolicyName = "witness_policy.json";

/**
 * The witness policy of a directory: the one in the given file, which is in force from now on and kept, or the one
 * that was kept; undefined where there is none, or it says `quorum none`.
 *
 * A file with other content than what is kept begins anew: signatures made before are not held to it.
 *
 * @throws CustodyError `note/policy`, `evidence/witness-policy`, `server/witness-policy` for a file that is not there,
 * `files/…`.
 */
export async function openWitnessPolicy(
  directory: string,
  file: string | undefined,
  clock: Clock,
): Promise<WitnessDemand | undefined> {
  const path = join(directory, witnessPolicyName);
  const kept = await findFile(path);
  const known = kept && parseWitnessDemand(nodeCrypto, kept);
  const demand = file === undefined ? known : await adopt({ path, file, known }, clock);
  return demand?.policy.quorum === undefined ? undefined : demand;
}

interface Adoption {
  readonly path: string;
  readonly file: string;
  readonly known: WitnessDemand | undefined;
}

async function adopt({ path, file, known }: Adoption, clock: Clock): Promise<WitnessDemand> {
  const source = await findFile(file);
  if (!source) {
    throw new CustodyError("server/witness-policy", `there is no witness policy at ${file}`, {
      subject: file,
    });
  }
  const given = parseWitnessDemand(nodeCrypto, source);
  if (given.text === known?.text) return known;
  const start = given.start ?? clock.now();
  await replaceFile(path, utf8(`${JSON.stringify(formatWitnessDemand(given.text, start), null, 2)}\n`));
  return { ...given, start };
}

async function findFile(path: string): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw fileFault(error, path);
  }
}
