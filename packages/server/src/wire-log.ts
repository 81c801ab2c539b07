import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { openSequenceRows, openTileFiles, openWitnessedRow } from "@custody/node/log-store";
import type { Database } from "@custody/node/postgres";
import { openHttpWitnesses } from "@custody/node/witness-client";
import type { WitnessDemand } from "custody/evidence";
import type { Signer } from "custody/ground";
import { openLog, openWitnessedLog } from "custody/log";
import type { Log } from "custody/log";

export interface LogParts {
  readonly directory: string;
  readonly database: Database;
  readonly signer: Signer;
  readonly origin: string;
  /** Who cosigns what the log publishes; nobody where there is no policy. */
  readonly witnesses: WitnessDemand | undefined;
}

/** Opens the server's log over PostgreSQL and files. Throws as `openLog` and `openWitnessedLog`. */
export async function wireLog({ directory, database, signer, origin, witnesses }: LogParts): Promise<Log> {
  const ports = {
    store: await openSequenceRows(database, origin),
    tiles: openTileFiles(join(directory, "log")),
    signer,
    origin,
    crypto: nodeCrypto,
  };
  if (!witnesses) return openLog(ports);
  return openWitnessedLog({
    ...ports,
    witnesses: openHttpWitnesses({ crypto: nodeCrypto, policy: witnesses.policy }),
    witnessed: await openWitnessedRow(database, origin),
  });
}
