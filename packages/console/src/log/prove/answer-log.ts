import type { Crypto } from "custody/ground";

import { readTrust } from "../../verify/read-trust.ts";
import { logAddress } from "../log-address.ts";
import type { LogReport, LogRequest } from "../messages.ts";
import { proveConsistency } from "./prove-consistency.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { readEntry } from "./read-entry.ts";
import { readTileReport } from "./read-tile.ts";
import { openTiles } from "./tile-source.ts";
import { verifyFound } from "./verify-found.ts";

/**
 * Answers what the log's views ask. Of the server it reads nothing but tiles, which prove themselves.
 *
 * @throws CustodyError as the proof that was asked for.
 */
export async function answerLog(
  { crypto, get }: { readonly crypto: Crypto; readonly get: typeof fetch },
  request: LogRequest,
): Promise<LogReport> {
  const { origin, trust } = request;
  const prover = { crypto, root: readTrust(crypto, trust), readTile: openTiles(logAddress(origin), get) };
  switch (request.kind) {
    case "log-checkpoint":
      return readCheckpoint(prover, origin, request.checkpoint);
    case "log-search":
      return verifyFound(prover, request);
    case "log-entry":
      return readEntry(prover, request);
    case "log-tile":
      return readTileReport(prover, request);
    case "log-consistency":
      return proveConsistency(prover, origin, request.notes);
    default:
      return request satisfies never;
  }
}
