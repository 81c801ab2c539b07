import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { nodeCrypto } from "@custody/node/crypto";
import { parseTrustedRoot } from "custody/evidence";
import { parseJson } from "custody/ground";
import type { Verdict } from "custody/ground";
import { checkExtension } from "custody/log";
import { formatTilePath, readFrontier, TileReader } from "custody/merkle";
import type { HashTile } from "custody/merkle";
import { verifierKeyOf, verifyCheckpoint } from "custody/note";
import type { Checkpoint } from "custody/note";

/** A client of the log that trusts nothing but the trusted root and what it remembers. */
export class Monitor {
  #remembered: Checkpoint | undefined;

  /** The checkpoint that the server publishes now, its signature verified. */
  async fetch({ url, directory }: LogServer): Promise<Checkpoint> {
    const note = await (await fetch(`${url}/log/checkpoint`)).text();
    const root = parseTrustedRoot(
      parseJson(new Uint8Array(await readFile(join(directory, "trusted_root.json")))),
    );
    const log = root.logs.at(-1);
    if (!log) throw new Error("the trusted root names no log");
    const logKey = verifierKeyOf(nodeCrypto, log.origin, "ed25519", log.publicKey);
    return verifyCheckpoint(nodeCrypto, note, { origin: log.origin, logKey });
  }

  async remember(server: LogServer): Promise<void> {
    this.#remembered = await this.fetch(server);
  }

  /** Whether what the server publishes now extends what is remembered; then it is remembered instead. */
  async check(server: LogServer): Promise<Verdict<Checkpoint>> {
    const next = await this.fetch(server);
    const remembered = this.#remembered ?? next;
    const verdict = checkExtension(nodeCrypto, remembered, next, await prove(server, remembered, next));
    if (verdict.kind === "allowed") this.#remembered = next;
    return verdict;
  }
}

interface LogServer {
  readonly url: string;
  readonly directory: string;
}

async function prove(
  { url }: LogServer,
  older: Checkpoint,
  newer: Checkpoint,
): Promise<readonly Uint8Array[]> {
  if (older.size === 0 || older.size >= newer.size) return [];
  const readTile = async (tile: HashTile): Promise<Uint8Array | undefined> => {
    const response = await fetch(`${url}/log/${formatTilePath(tile)}`);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  };
  const frontier = await readFrontier(nodeCrypto, newer, readTile);
  return new TileReader(nodeCrypto, frontier, readTile).proveConsistency(older.size);
}
