import { nodeCrypto } from "@custody/node/crypto";
import { parseWitnessDemand } from "custody/evidence";
import type { WitnessDemand } from "custody/evidence";

import { readFileBytes } from "./read-file.ts";

const policyLimitBytes = 1024 * 1024;

/** What `--witness-policy` says: nothing is asked of witnesses where it is not given. */
export async function readWitnessPolicy(
  path: string | undefined,
): Promise<{ readonly witnesses?: WitnessDemand }> {
  if (path === undefined) return {};
  return { witnesses: parseWitnessDemand(nodeCrypto, await readFileBytes(path, policyLimitBytes)) };
}
