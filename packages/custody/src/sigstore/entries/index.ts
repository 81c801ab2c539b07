import { parseJson } from "custody/ground";

import type { TransparencyLogEntry } from "../bundle.ts";
import type { Check } from "../check.ts";
import { attempt } from "../reasons.ts";
import { isDsse001, isDsse002 } from "./dsse.ts";
import { isHashedRekord001, isHashedRekord002 } from "./hashedrekord.ts";
import { isIntoto001, isIntoto002 } from "./intoto.ts";
import type { Signed } from "./signed.ts";

export type { Signed, SignedContent } from "./signed.ts";

type EntryKind = (body: unknown, signed: Signed) => boolean;

/** Every kind of entry that is read; the entry of a bundle must say all that the bundle says. */
const kinds: ReadonlyMap<string, EntryKind> = new Map([
  ["hashedrekord 0.0.1", isHashedRekord001],
  ["hashedrekord 0.0.2", isHashedRekord002],
  ["dsse 0.0.1", isDsse001],
  ["dsse 0.0.2", isDsse002],
  ["intoto 0.0.1", isIntoto001],
  ["intoto 0.0.2", isIntoto002],
]);

const maxBodyBytes = 16 * 1024 * 1024;

/**
 * Demands that the entry is this bundle's: its digests, its signature, its signer. Any other good entry of a trusted log
 * does not count (CVE-2022-36056, CVE-2026-22703).
 */
export function demandEntryOf(check: Check, entry: TransparencyLogEntry, signed: Signed): void {
  const name = `${entry.kind} ${entry.version}`;
  const isOf = kinds.get(name);
  check.demand(!!isOf, "sigstore/entry-unknown", `log entries of kind ${name.slice(0, 80)} are not known`);
  const body = attempt(() => parseJson(entry.body, { sizeBytes: maxBodyBytes }));
  check.demand(
    !isOf || (body !== undefined && isOf(body, signed)),
    "sigstore/entry-mismatch",
    `the log entry ${entry.index} is another signature's`,
  );
  check.demand(
    entry.version !== "0.0.2" || entry.kind === "intoto" || entry.proof?.index === entry.index,
    "sigstore/entry-mismatch",
    `the log entry says that it is number ${entry.index}, its proof that it is another`,
  );
}
