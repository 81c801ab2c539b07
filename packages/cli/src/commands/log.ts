import { nodeCrypto } from "@custody/node/crypto";
import { openTileClient } from "@custody/node/tile-client";
import { parseTrustedRoot } from "custody/evidence";
import type { TrustedLog } from "custody/evidence";
import { CustodyError, parseJson, parseUtf8 } from "custody/ground";
import { formatTilePath, readFrontier, TileReader } from "custody/merkle";
import type { HashTile } from "custody/merkle";
import {
  formatTlogProof,
  formatVerifierKey,
  parseVerifierKey,
  verifierKeyOf,
  verifyCheckpoint,
} from "custody/note";

import { exitCodes } from "../output.ts";
import type { Call } from "./call.ts";
import { getArgument } from "./call.ts";
import { readFileBytes } from "./read-file.ts";

const rootLimitBytes = 8 * 1024 * 1024;

/** `custody log key`: the logs of a trusted root as witnesses and monitors write them. */
export async function logKeys({ output, options }: Call<{ readonly trustedRoot: string }>): Promise<number> {
  const { logs } = parseTrustedRoot(parseJson(await readFileBytes(options.trustedRoot, rootLimitBytes)));
  const keys = logs.map(vkeyOf);
  output.result(keys, keys);
  return exitCodes.yes;
}

function vkeyOf({ origin, publicKey }: TrustedLog): string {
  const type = publicKey.scheme === "ed25519" ? "ed25519" : "ecdsa";
  return formatVerifierKey(verifierKeyOf(nodeCrypto, origin, type, publicKey));
}

export interface LogProofOptions {
  readonly log: string;
  readonly key: string;
}

/** `custody log proof`: that the log holds its entry of that index, to be verified offline. */
export async function logProof(call: Call<LogProofOptions>): Promise<number> {
  const index = Number(getArgument(call, 0));
  const { log, key } = call.options;
  const logKey = parseVerifierKey(nodeCrypto, key);
  const reader = openTileClient(log);
  const note = await reader.read("checkpoint");
  if (!note) throw new CustodyError("cli/http", "the log has no checkpoint", { subject: log });
  const checkpoint = await verifyCheckpoint(nodeCrypto, parseUtf8(note), { origin: logKey.name, logKey });
  const readTile = (tile: HashTile): Promise<Uint8Array | undefined> => reader.read(formatTilePath(tile));
  const tree = new TileReader(nodeCrypto, await readFrontier(nodeCrypto, checkpoint, readTile), readTile);
  const proof = { index, hashes: await tree.proveInclusion(index), checkpoint: checkpoint.note };
  call.output.result({ proof: formatTlogProof(proof) }, [formatTlogProof(proof).trimEnd()]);
  return exitCodes.yes;
}
