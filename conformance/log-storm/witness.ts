import { nodeCrypto } from "@custody/node/crypto";
import { parseTrustedRoot } from "custody/evidence";
import { equalBytes, parseBase64, parseJson, parseUtf8, toHex } from "custody/ground";
import type { Bytes } from "custody/ground";
import { verifyWholeLog } from "custody/log";
import type { LogReader } from "custody/monitor";
import {
  formatTilePath,
  leafHash,
  readFrontier,
  TileReader,
  verifyConsistency,
  verifyInclusion,
} from "custody/merkle";
import type { HashTile } from "custody/merkle";
import { verifierKeyOf, verifyCheckpoint } from "custody/note";
import type { VerifiedCheckpoint, VerifierKey } from "custody/note";

import type { LoggedEntry, SignedRequest } from "../../tests/rekor-load.testing.ts";

/** What whoever appended remembers: each acknowledged entry, and each checkpoint that was ever shown. */
export class StormWitness {
  readonly #logKey: VerifierKey;
  readonly #leaves = new Map<number, Bytes>();
  readonly #seen = new Map<string, VerifiedCheckpoint>();

  constructor(logKey: VerifierKey) {
    this.#logKey = logKey;
  }

  get acknowledged(): number {
    return this.#leaves.size;
  }

  get checkpoints(): number {
    return this.#seen.size;
  }

  /** Verifies an answer by itself, and remembers it. Throws where it does not prove what it should. */
  async remember({ digest }: SignedRequest, answer: string): Promise<void> {
    const { logIndex, canonicalizedBody, inclusionProof } = JSON.parse(answer) as LoggedEntry;
    const entry = parseBase64(canonicalizedBody);
    if (!Buffer.from(entry).includes(digest)) throw new Error(`entry ${logIndex} is about something else`);
    const { rootHash, size } = await this.see(inclusionProof.checkpoint.envelope);
    const index = Number(logIndex);
    const leaf = leafHash(nodeCrypto, entry);
    const hashes = inclusionProof.hashes.map(parseBase64);
    verifyInclusion(nodeCrypto, { index, treeSize: size, leafHash: leaf, hashes }, rootHash);
    if (this.#leaves.has(index)) throw new Error(`two entries were given the index ${index}`);
    this.#leaves.set(index, leaf);
  }

  async see(note: string): Promise<VerifiedCheckpoint> {
    const { name: origin } = this.#logKey;
    const known = this.#seen.get(note);
    const checkpoint = known ?? (await verifyCheckpoint(nodeCrypto, note, { origin, logKey: this.#logKey }));
    this.#seen.set(note, checkpoint);
    return checkpoint;
  }

  /** Holds the log, as it is served now, against all that is remembered; answers with its size. */
  async judge(tiles: LogReader): Promise<number> {
    const note = await tiles.read("checkpoint");
    if (!note) throw new Error("the log has no checkpoint");
    const last = await this.see(parseUtf8(note));
    const missing = new Map(this.#leaves);
    const visit = (first: number, entries: readonly Bytes[]): void => {
      for (const [i, entry] of entries.entries()) {
        const leaf = missing.get(first + i);
        if (leaf && equalBytes(leaf, leafHash(nodeCrypto, entry))) missing.delete(first + i);
      }
    };
    await verifyWholeLog({ hasher: nodeCrypto, tiles, checkpoint: last, visit });
    const [lost] = missing.keys();
    if (lost !== undefined)
      throw new Error(`${missing.size} acknowledged entries are lost; the first is ${lost}`);
    await this.#judgePast(last, tiles);
    return last.size;
  }

  async #judgePast(last: VerifiedCheckpoint, tiles: LogReader): Promise<void> {
    const readTile = (tile: HashTile): Promise<Uint8Array | undefined> => tiles.read(formatTilePath(tile));
    const reader = new TileReader(nodeCrypto, await readFrontier(nodeCrypto, last, readTile), readTile);
    const roots = new Map<number, string>();
    for (const older of [...this.#seen.values()].toSorted((a, b) => a.size - b.size)) {
      const root = toHex(older.rootHash);
      if ((roots.get(older.size) ?? root) !== root) throw new Error(`two trees of ${older.size} entries`);
      roots.set(older.size, root);
      if (older.size > 0)
        verifyConsistency(nodeCrypto, older, last, await reader.proveConsistency(older.size));
    }
  }
}

/** The key that a server says its log signs with. */
export async function readLogKey(url: string): Promise<VerifierKey> {
  const answer = await fetch(`${url}/trusted_root.json`);
  const log = parseTrustedRoot(parseJson(new Uint8Array(await answer.arrayBuffer()))).logs.at(-1);
  if (!log) throw new Error("the trusted root names no log");
  return verifierKeyOf(nodeCrypto, log.origin, "ed25519", log.publicKey);
}
