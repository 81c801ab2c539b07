import { nodeCrypto } from "@custody/node/crypto";
import { openSequenceRows, openTileFiles, openWitnessedRow } from "@custody/node/log-store";
import type { Database } from "@custody/node/postgres";
import { openHttpWitnesses } from "@custody/node/witness-client";
import type { TrustedLog, TrustedRoot } from "custody/evidence";
import type { Signer } from "custody/ground";
import { openFrozenLog, openLog, openWitnessedLog } from "custody/log";
import type { Log } from "custody/log";

import { tileFolderOf } from "./log-shards.ts";

export interface LogParts {
  readonly directory: string;
  readonly database: Database;
  readonly signer: Signer;
  /** The name of the shard that takes entries. */
  readonly origin: string;
  /** Names the shards, and who cosigns what they publish; nobody where there is no policy. */
  readonly trustedRoot: TrustedRoot;
}

/** The server's log: the shard that takes entries, and all of them by their names. */
export interface WiredLog {
  readonly log: Log;
  readonly shards: ReadonlyMap<string, Log>;
}

/** Opens the server's log over PostgreSQL and files, and freezes the shards before. Throws as `openLog` and the others. */
export async function wireLog(parts: LogParts): Promise<WiredLog> {
  const shards = new Map<string, Log>();
  for (const trusted of parts.trustedRoot.logs.filter(({ origin }) => origin !== parts.origin)) {
    const frozen = trusted.validFor.end === undefined ? undefined : await openEnded(parts, trusted);
    if (frozen) shards.set(trusted.origin, frozen);
  }
  const log = await openCurrent(parts);
  return { log, shards: shards.set(parts.origin, log) };
}

async function openEnded(parts: LogParts, { origin, publicKey }: TrustedLog): Promise<Log | undefined> {
  return openFrozenLog({ ...(await portsOf(parts, origin)), publicKey });
}

async function openCurrent(parts: LogParts): Promise<Log> {
  const { signer, origin, trustedRoot } = parts;
  const { witnessed, ...ports } = await portsOf(parts, origin);
  if (!witnessed || !trustedRoot.witnesses) return openLog({ ...ports, signer });
  const { policy } = trustedRoot.witnesses;
  const witnesses = openHttpWitnesses({ crypto: nodeCrypto, policy });
  return openWitnessedLog({ ...ports, signer, witnesses, witnessed });
}

async function portsOf({ directory, database, trustedRoot }: LogParts, origin: string) {
  return {
    store: await openSequenceRows(database, origin),
    tiles: openTileFiles(tileFolderOf(directory, trustedRoot, origin)),
    origin,
    crypto: nodeCrypto,
    ...(trustedRoot.witnesses ? { witnessed: await openWitnessedRow(database, origin) } : {}),
  };
}
