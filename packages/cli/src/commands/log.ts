import { nodeCrypto } from "@custody/node/crypto";
import { openTileClient } from "@custody/node/tile-client";
import { parseTrustedRoot } from "custody/evidence";
import type { TrustedLog } from "custody/evidence";
import { CustodyError, findFaultCode, parseJson, parseUtf8, toBase64 } from "custody/ground";
import { verifyWholeLog } from "custody/log";
import { formatTilePath, readFrontier, TileReader } from "custody/merkle";
import type { HashTile } from "custody/merkle";
import type { LogReader } from "custody/monitor";
import {
  formatTlogProof,
  formatVerifierKey,
  parseVerifierKey,
  verifierKeyOf,
  verifyCheckpoint,
} from "custody/note";
import type { VerifiedCheckpoint } from "custody/note";

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

export interface LogOptions {
  readonly log: string;
  readonly key: string;
}

/** `custody log proof`: that the log holds its entry of that index, to be verified offline. */
export async function logProof(call: Call<LogOptions>): Promise<number> {
  const index = Number(getArgument(call, 0));
  const { reader, checkpoint } = await readCheckpoint(call.options);
  const readTile = (tile: HashTile): Promise<Uint8Array | undefined> => reader.read(formatTilePath(tile));
  const tree = new TileReader(nodeCrypto, await readFrontier(nodeCrypto, checkpoint, readTile), readTile);
  const proof = { index, hashes: await tree.proveInclusion(index), checkpoint: checkpoint.note };
  call.output.result({ proof: formatTlogProof(proof) }, [formatTlogProof(proof).trimEnd()]);
  return exitCodes.yes;
}

/** `custody log verify`: that every entry and tile of the log, from entry 0 on, leads to the checkpoint that it signed. */
export async function logVerify({ options, output }: Call<LogOptions>): Promise<number> {
  const { reader, checkpoint } = await readCheckpoint(options);
  const { origin, size, rootHash } = checkpoint;
  const visit = (first: number): void => {
    if (first > 0 && first % reportEvery === 0) output.progress(`${first} of ${size} entries read`);
  };
  try {
    await verifyWholeLog({ hasher: nodeCrypto, tiles: reader, checkpoint, visit });
  } catch (error) {
    if (!refusals.has(findFaultCode(error) ?? "")) throw error;
    const { code, subject, message } = error as CustodyError;
    output.result({ verdict: "refused", code, subject, message }, [
      `refused ${code}: ${subject ?? ""} ${message}`,
    ]);
    return exitCodes.refused;
  }
  const root = toBase64(rootHash);
  output.result({ verdict: "allowed", origin, size, root }, [
    `${origin} verifies: ${size} entries lead to ${root}`,
  ]);
  return exitCodes.yes;
}

/** Entries between two words of progress. */
const reportEvery = 256 * 400;
const refusals = new Set(["log/corrupt", "merkle/bundle"]);

async function readCheckpoint({ log, key }: LogOptions): Promise<{
  readonly reader: LogReader;
  readonly checkpoint: VerifiedCheckpoint;
}> {
  const logKey = parseVerifierKey(nodeCrypto, key);
  const reader = openTileClient(log);
  const note = await reader.read("checkpoint");
  if (!note) throw new CustodyError("cli/http", "the log has no checkpoint", { subject: log });
  return {
    reader,
    checkpoint: await verifyCheckpoint(nodeCrypto, parseUtf8(note), { origin: logKey.name, logKey }),
  };
}
