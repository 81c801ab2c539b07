import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { openSequenceRows, openTileFiles } from "@custody/node/log-store";
import type { Database } from "@custody/node/postgres";
import type { AttestationStore } from "custody/control";
import type { Signer } from "custody/ground";
import { openLog } from "custody/log";
import type { Log } from "custody/log";
import { commitmentsOriginOf } from "custody/log-index";

import type { LogSearchPorts } from "./doors/log-index.ts";
import { LogIndex } from "./log-index.ts";

/** The index of the shard that takes entries, and the log of what was said of it. */
export interface WiredSearch {
  readonly doors: { readonly search: LogSearchPorts; readonly commitments: Log };
  close(): Promise<void>;
}

export async function wireSearch(
  { directory, database }: { readonly directory: string; readonly database: Database },
  parts: {
    readonly log: Log;
    readonly signer: Signer;
    readonly origin: string;
    readonly control: { readonly attestations: AttestationStore };
  },
): Promise<WiredSearch> {
  const { log, signer, origin } = parts;
  const { attestations } = parts.control;
  const name = commitmentsOriginOf(origin);
  const commitments = await openLog({
    store: await openSequenceRows(database, name),
    tiles: openTileFiles(join(directory, "log-index", origin)),
    signer,
    origin: name,
    crypto: nodeCrypto,
  });
  const index = new LogIndex({ crypto: nodeCrypto, log, signer, origin, commitments, attestations });
  const doors = { search: { index, log, attestations }, commitments };
  return { doors, close: () => commitments.close() };
}
