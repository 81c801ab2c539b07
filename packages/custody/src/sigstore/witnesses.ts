import { judgeWitnesses } from "custody/evidence";
import type { WitnessDemand, WitnessFindings } from "custody/evidence";
import type { Instant } from "custody/ground";

import type { TransparencyLogEntry } from "./bundle.ts";
import type { Check } from "./check.ts";
import type { LoggedEntry } from "./inclusion.ts";
import { attemptAsync } from "./reasons.ts";

/** The log entries of a bundle, what was found of them in the same order, and when the signature was made. */
export interface LoggedSignature {
  readonly entries: readonly TransparencyLogEntry[];
  readonly logged: readonly LoggedEntry[];
  readonly times: readonly Instant[];
}

/** Demands of every log entry that a quorum of witnesses cosigned the checkpoint that proves it. */
export async function demandWitnesses(
  check: Check,
  { entries, logged, times }: LoggedSignature,
  witnesses: WitnessDemand,
): Promise<void> {
  const signedAt = times.toSorted((a, b) => b - a)[0];
  for (const [i, entry] of entries.entries()) {
    const log = logged[i]?.log;
    const seen = { note: entry.proof?.checkpoint, log, signedAt };
    const { bad, early, missing } = await judge(check, witnesses, seen);
    check.demand(bad === undefined, "sigstore/cosignature-invalid", bad ?? "");
    check.demand(early === undefined, "sigstore/cosignature-time", early ?? "");
    check.demand(missing === undefined, "sigstore/not-witnessed", missing ?? "");
  }
}

async function judge(
  { crypto }: Check,
  witnesses: WitnessDemand,
  { log, ...seen }: { note: string | undefined; log: LoggedEntry["log"]; signedAt: Instant | undefined },
): Promise<WitnessFindings> {
  const found = log && (await attemptAsync(() => judgeWitnesses(crypto, witnesses, { ...seen, log })));
  const missing = "the log entry has no checkpoint of a trusted log that witnesses could have cosigned";
  return found ?? { bad: undefined, early: undefined, missing };
}
