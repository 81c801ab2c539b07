import type { Bytes, Crypto, PublicKey } from "custody/ground";
import { parseTilePath } from "custody/merkle";
import { verifierKeyOf } from "custody/note";
import type { VerifierKey } from "custody/note";

import { isPublished, loadView, proveStoredEntry } from "./log-view.ts";
import type { LogEntryProof, LogSource, LogView } from "./log-view.ts";
import { frozen } from "./memory.ts";
import type { Log, LogConsistencyProof } from "./open-log.ts";
import type { SequenceStore } from "./sequence-store.ts";
import type { TileStore } from "./tile-store.ts";
import type { WitnessedStore } from "./witnesses.ts";

export interface FrozenLogPorts {
  readonly store: SequenceStore;
  readonly tiles: TileStore;
  /** Where the log had witnesses: then the last checkpoint that they cosigned is its final one. */
  readonly witnessed?: WitnessedStore;
  /** Of its checkpoints; its private half is not needed any more. */
  readonly publicKey: PublicKey;
  readonly origin: string;
  readonly crypto: Crypto;
}

/**
 * Freezes a log, which nobody can append to from then on, and opens it for reading at its final checkpoint: a shard that
 * another one has followed. Undefined where the store never held a checkpoint of it.
 *
 * @throws CustodyError `note/…` and `merkle/…` when its checkpoint or tiles are not its own; what the ports throw.
 */
export async function openFrozenLog(ports: FrozenLogPorts): Promise<Log | undefined> {
  const { crypto, origin, publicKey, store, tiles, witnessed } = ports;
  await store.freeze();
  const note = (await witnessed?.find()) ?? (await store.findCheckpoint());
  if (note === undefined) return undefined;
  const logKey = verifierKeyOf(
    crypto,
    origin,
    publicKey.scheme === "ed25519" ? "ed25519" : "ecdsa",
    publicKey,
  );
  const source: LogSource = { crypto, origin, logKey, store, tiles };
  return new FrozenLog(source, await loadView(source, note));
}

class FrozenLog implements Log {
  readonly #source: LogSource;
  readonly #view: LogView;

  constructor(source: LogSource, view: LogView) {
    this.#source = source;
    this.#view = view;
  }

  get key(): VerifierKey {
    return this.#source.logKey;
  }

  append(): Promise<LogEntryProof> {
    return Promise.reject(frozen());
  }

  prove(index: number): Promise<LogEntryProof> {
    return proveStoredEntry(this.#source, this.#view, index);
  }

  async proveConsistency(olderSize: number): Promise<LogConsistencyProof> {
    const { reader, checkpoint } = this.#view;
    return { checkpoint: checkpoint.note, hashes: await reader.proveConsistency(olderSize) };
  }

  checkpoint(): Promise<string> {
    return Promise.resolve(this.#view.checkpoint.note);
  }

  async readTile(path: string): Promise<Bytes | undefined> {
    const isThere = isPublished(parseTilePath(path), this.#view.checkpoint.size);
    return isThere ? this.#source.tiles.read(path) : undefined;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
