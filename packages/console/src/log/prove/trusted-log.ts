import { logKeyOf } from "custody/evidence";
import type { TrustedLog, TrustedRoot } from "custody/evidence";
import type { Crypto } from "custody/ground";
import { CustodyError } from "custody/ground";
import { readFrontier, TileReader } from "custody/merkle";
import type { TreeHead } from "custody/merkle";
import { verifyCheckpoint } from "custody/note";
import type { VerifiedCheckpoint } from "custody/note";

import type { ReadAnyTile } from "./tile-source.ts";

/** What proving needs of the world, and whom it trusts. */
export interface Prover {
  readonly crypto: Crypto;
  readonly root: TrustedRoot;
  readonly readTile: ReadAnyTile;
}

/**
 * The log of an origin, or the one that takes entries.
 *
 * @throws CustodyError `console/no-log` where the trusted root does not name it.
 */
export function getLog({ logs }: TrustedRoot, origin: string | undefined): TrustedLog {
  const log = logs.findLast(({ origin: name, validFor }) =>
    origin === undefined ? validFor.end === undefined : name === origin,
  );
  if (log) return log;
  throw new CustodyError(
    "console/no-log",
    origin === undefined
      ? "the trusted root names no log that takes entries"
      : "the trusted root does not name that log",
    { subject: origin ?? "" },
  );
}

/** The checkpoint in a note that the log's trusted key signed. @throws CustodyError `console/no-log`, `note/…`. */
export async function getCheckpoint(
  { crypto, root }: Pick<Prover, "crypto" | "root">,
  origin: string | undefined,
  note: string,
): Promise<VerifiedCheckpoint> {
  const log = getLog(root, origin);
  return verifyCheckpoint(crypto, note, { origin: log.origin, logKey: logKeyOf(crypto, log) });
}

/** Reads and proves in a checkpoint's tree. @throws CustodyError `merkle/tile-missing`, `merkle/tile-forged`, `console/tile`. */
export async function openTree({ crypto, readTile }: Prover, head: TreeHead): Promise<TileReader> {
  return new TileReader(crypto, await readFrontier(crypto, head, readTile), readTile);
}
