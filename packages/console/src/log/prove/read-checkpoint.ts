import { explainSignatures, judgeWitnesses, logKeyOf } from "custody/evidence";
import type { TrustedLog } from "custody/evidence";
import { toHex } from "custody/ground";
import { formatVerifierKey } from "custody/note";

import type { CheckpointReport, Witnessing } from "../messages.ts";
import { getCheckpoint, getLog } from "./trusted-log.ts";
import type { Prover } from "./trusted-log.ts";

/**
 * A checkpoint, once the log's own signature holds; what its witnesses say is told beside it.
 *
 * @throws CustodyError `console/no-log`, `note/…`.
 */
export async function readCheckpoint(
  prover: Pick<Prover, "crypto" | "root">,
  origin: string | undefined,
  note: string,
): Promise<CheckpointReport> {
  const { crypto, root } = prover;
  const log = getLog(root, origin);
  const { size, rootHash } = await getCheckpoint(prover, origin, note);
  return {
    kind: "log-checkpoint",
    origin: log.origin,
    vkey: formatVerifierKey(logKeyOf(crypto, log)),
    size,
    rootHash: toHex(rootHash),
    note,
    signatures: await explainSignatures(crypto, note, { log, root }),
    witnessing: await judge(prover, log, note),
  };
}

async function judge(
  { crypto, root: { witnesses } }: Pick<Prover, "crypto" | "root">,
  log: TrustedLog,
  note: string,
): Promise<Witnessing> {
  if (!witnesses) return { kind: "not-asked" };
  const { bad, missing } = await judgeWitnesses(crypto, witnesses, { note, log, signedAt: undefined });
  if (bad !== undefined) return { kind: "bad", message: bad };
  return missing === undefined ? { kind: "satisfied" } : { kind: "missing", message: missing };
}
