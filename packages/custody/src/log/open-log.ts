import type { Bytes, Crypto, Signer } from "custody/ground";
import { entryLimitBytes, parseTilePath } from "custody/merkle";
import { noteKeyOf } from "custody/note";
import type { VerifierKey } from "custody/note";

import { logFault } from "./faults.ts";
import { isPublished, proveEntry, proveStoredEntry } from "./log-view.ts";
import type { LogEntryProof, LogView } from "./log-view.ts";
import type { SequenceStore } from "./sequence-store.ts";
import { batchLimit, currentView, publishUpTo } from "./sequencer.ts";
import type { SequencerSource } from "./sequencer.ts";
import type { TileStore } from "./tile-store.ts";

export interface LogPorts {
  readonly store: SequenceStore;
  readonly tiles: TileStore;
  /** Ed25519 or ECDSA P-256. */
  readonly signer: Signer;
  /** The log's name: the first line of its checkpoints, and the name of its key. */
  readonly origin: string;
  readonly crypto: Crypto;
}

/** That the published tree extends an older one. */
export interface LogConsistencyProof {
  readonly checkpoint: string;
  readonly hashes: readonly Bytes[];
}

/** A transparency log of static tiles (C2SP tlog-tiles). Several processes may have the same log open. */
export interface Log {
  /** The key that its checkpoints are verified with. */
  readonly key: VerifierKey;
  /**
   * Adds an entry of at most 65,535 bytes and returns when a checkpoint that has it is published: from then on it
   * cannot be lost or moved. When it fails, the entry may still come to be in the log; appending it again is harmless.
   *
   * @throws CustodyError `log/entry-size`, `log/busy` (4,096 entries wait), `log/closed`, and what the ports throw.
   */
  append(entry: Bytes): Promise<LogEntryProof>;
  /** @throws CustodyError `log/no-entry` where there is none published; `log/corrupt`, `merkle/…`. */
  prove(index: number): Promise<LogEntryProof>;
  /** The proof that the published tree extends the one of `olderSize` entries. */
  proveConsistency(olderSize: number): Promise<LogConsistencyProof>;
  /** The signed note of the last published checkpoint. */
  checkpoint(): Promise<string>;
  /** The bytes of a published tile or entry bundle by its path; undefined for any other path. */
  readTile(path: string): Promise<Bytes | undefined>;
  /** Waits for what is being appended, and takes no more. */
  close(): Promise<void>;
}

/**
 * Opens a log, publishes what a crash left unpublished, and the checkpoint of the empty tree where there is none.
 *
 * @throws CustodyError `note/unsigned` when its checkpoint is signed with another key; what the ports throw.
 */
export async function openLog(ports: LogPorts): Promise<Log> {
  const source = { ...ports, logKey: noteKeyOf(ports.crypto, ports.origin, ports.signer) };
  const log = new OpenLog(source);
  await log.recover();
  return log;
}

interface Waiting {
  readonly entry: Bytes;
  readonly settle: PromiseWithResolvers<LogEntryProof>;
}

const queueLimit = 4096;

class OpenLog implements Log {
  readonly #source: SequencerSource;
  #view: LogView | undefined;
  #queue: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #isClosed = false;

  constructor(source: SequencerSource) {
    this.#source = source;
  }

  get key(): VerifierKey {
    return this.#source.logKey;
  }

  async recover(): Promise<void> {
    await this.#publish(0);
    const { size } = await this.#current().then(({ checkpoint }) => checkpoint);
    await this.#publishRest(size);
  }

  async #publishRest(start: number): Promise<void> {
    let size = start;
    for (;;) {
      const rest = await this.#source.store.readEntries(size, batchLimit);
      if (rest.length === 0) return;
      size += rest.length;
      await this.#publish(size);
    }
  }

  append(entry: Bytes): Promise<LogEntryProof> {
    if (this.#isClosed) return Promise.reject(logFault("log/closed", "the log is closed"));
    if (entry.length > entryLimitBytes) return Promise.reject(entryTooLarge(entry.length));
    if (this.#queue.length >= queueLimit) return Promise.reject(tooBusy());
    const settle = Promise.withResolvers<LogEntryProof>();
    this.#queue.push({ entry, settle });
    this.#flushing ??= this.#flush();
    return settle.promise;
  }

  // One entry goes at once; what comes while it is on its way goes together.
  async #flush(): Promise<void> {
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#appendBatch(this.#queue.splice(0, batchLimit));
    this.#flushing = undefined;
  }

  async #appendBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const first = await this.#source.store.assign(batch.map(({ entry }) => entry));
      const view = await this.#publish(first + batch.length);
      const prove = ({ entry, settle }: Waiting, i: number) =>
        proveEntry(view, first + i, entry).then(settle.resolve, settle.reject);
      await Promise.all(batch.map(prove));
    } catch (error) {
      for (const { settle } of batch) settle.reject(error);
    }
  }

  async #publish(size: number): Promise<LogView> {
    const publish = () => publishUpTo(this.#source, this.#view, size);
    this.#view = await this.#source.store.exclusively(publish);
    return this.#view;
  }

  async #current(): Promise<LogView> {
    const view = await currentView(this.#source, this.#view);
    if (!view) throw logFault("log/corrupt", "the log's checkpoint is gone");
    if (view.checkpoint.size >= (this.#view?.checkpoint.size ?? 0)) this.#view = view;
    return view;
  }

  async prove(index: number): Promise<LogEntryProof> {
    const known = this.#view;
    const view = known && index < known.checkpoint.size ? known : await this.#current();
    return proveStoredEntry(this.#source, view, index);
  }

  async proveConsistency(olderSize: number): Promise<LogConsistencyProof> {
    const { reader, checkpoint } = await this.#current();
    return { checkpoint: checkpoint.note, hashes: await reader.proveConsistency(olderSize) };
  }

  async checkpoint(): Promise<string> {
    return (await this.#current()).checkpoint.note;
  }

  async readTile(path: string): Promise<Bytes | undefined> {
    const tile = parseTilePath(path);
    const { checkpoint } = await this.#current();
    return isPublished(tile, checkpoint.size) ? this.#source.tiles.read(path) : undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#flushing;
  }
}

function entryTooLarge(sizeBytes: number): Error {
  return logFault("log/entry-size", `an entry has ${sizeBytes} bytes, above ${entryLimitBytes}`, {
    next: "log the digest of a large document, and keep the document elsewhere",
  });
}

function tooBusy(): Error {
  return logFault("log/busy", `${queueLimit} entries wait to be logged`, { next: "try again in a moment" });
}
