import type { Instant } from "custody/ground";
import { equalBytes } from "custody/ground";

import type { SigstoreBundle, TransparencyLogEntry } from "./bundle.ts";
import type { Check } from "./check.ts";
import type { Signed } from "./entries/index.ts";
import { demandEntryOf } from "./entries/index.ts";
import type { LoggedEntry } from "./inclusion.ts";
import { verifyInclusionOf } from "./inclusion.ts";

/** Demands of every log entry that it is this bundle's and that a trusted log holds it. */
export async function verifyLogs(
  check: Check,
  { logEntries, version }: SigstoreBundle,
  signed: Signed,
  stamped: readonly Instant[],
): Promise<LoggedEntry[]> {
  const logged: LoggedEntry[] = [];
  for (const [i, entry] of logEntries.entries()) {
    check.demand(
      !logEntries.slice(0, i).some((earlier) => isSameEntry(earlier, entry)),
      "sigstore/entry-repeated",
      "a log entry stands twice in the bundle",
    );
    demandEntryOf(check, entry, signed);
    logged.push(await verifyInclusionOf(check, entry, { version, stamped }));
  }
  return logged;
}

// The number of an entry is not signed by a proof, so it does not make two of one.
function isSameEntry(a: TransparencyLogEntry, b: TransparencyLogEntry): boolean {
  return equalBytes(a.logId, b.logId) && equalBytes(a.body, b.body);
}

/** Demands entries in the logs of that many operators; logs whose root names none count as one. */
export function demandLogs(check: Check, logged: readonly LoggedEntry[], wanted: number): void {
  const operators = new Set(logged.flatMap(({ log }) => (log ? [log.operator] : []))).size;
  check.demand(
    operators >= wanted,
    "sigstore/log-threshold",
    `the signature stands in the logs of ${operators} trusted operators, ${wanted} are needed`,
  );
}
