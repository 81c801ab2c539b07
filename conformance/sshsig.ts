import { nodeCrypto } from "@custody/node/crypto";

import {
  checkSshsig,
  readSshsig,
  refusedSshsigKinds,
  sshsigKinds,
} from "../packages/custody/src/git/sshsig.testing.ts";
import type { VectorOutcome } from "./vector-outcome.ts";
import { judgeVector } from "./vector-outcome.ts";

/** Runs over OpenSSH's own signatures; kinds that are not verified here are skipped where they are refused by name. */
export async function runSshsigVectors(directory: string): Promise<readonly VectorOutcome[]> {
  const judged: VectorOutcome[] = [];
  for (const kind of sshsigKinds)
    judged.push(await judgeVector(kind, () => checkSshsig(nodeCrypto, directory, kind)));
  for (const [kind, code] of Object.entries(refusedSshsigKinds)) {
    const { failure = "it is read" } = await judgeVector(kind, () => readSshsig(directory, kind));
    judged.push({ name: kind, failure: undefined, skipped: `not verified here (${code}): ${failure}` });
  }
  return judged;
}
