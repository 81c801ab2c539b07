import { equalBytes, findFaultCode } from "custody/ground";
import type { Bytes } from "custody/ground";
import { parseTilePath } from "custody/merkle";
import { parseCheckpoint, parseNote, verifyCheckpoint } from "custody/note";
import type { VerifiedCheckpoint, VerifierKey } from "custody/note";

import { logFault } from "./faults.ts";
import { isPublished, loadView, proveEntry, proveStoredEntry } from "./log-view.ts";
import type { LogEntryProof, LogSource, LogView } from "./log-view.ts";
import { openLog } from "./open-log.ts";
import type { Log, LogConsistencyProof, LogPorts } from "./open-log.ts";
import { currentView } from "./sequencer.ts";
import type { WitnessedStore, Witnesses } from "./witnesses.ts";

export interface WitnessedLogPorts extends LogPorts {
  readonly witnesses: Witnesses;
  readonly witnessed: WitnessedStore;
}

/**
 * Opens a log that publishes only what its witnesses cosigned: every checkpoint and proof that leaves it carries a
 * quorum of cosignatures. Entries are sequenced and durable as in {@link openLog}, whether witnesses answer or not.
 *
 * An append waits until a cosigned checkpoint has its entry, and is refused with `log/not-witnessed` when the witnesses
 * did not come to that in their time: the entry stays, and the next checkpoint that they cosign has it too. Appends
 * that come meanwhile are cosigned together. Where nothing was ever cosigned, reading throws `log/not-witnessed`.
 */
export async function openWitnessedLog(ports: WitnessedLogPorts): Promise<Log> {
  const log = new WitnessedLog(ports, await openLog(ports));
  await log.catchUp();
  return log;
}

interface Waiting {
  readonly index: number;
  readonly entry: Bytes;
  readonly settle: PromiseWithResolvers<LogEntryProof>;
}

class WitnessedLog implements Log {
  readonly #ports: WitnessedLogPorts;
  readonly #inner: Log;
  /** The log as witnesses have seen it. */
  readonly #source: LogSource;
  #view: LogView | undefined;
  /** How many entries the log has, as far as this process knows. */
  #appended = 0;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(ports: WitnessedLogPorts, inner: Log) {
    const { crypto, origin, tiles, store, witnessed } = ports;
    const readEntries: LogSource["store"]["readEntries"] = (from, limit) => store.readEntries(from, limit);
    this.#ports = ports;
    this.#inner = inner;
    this.#source = {
      crypto,
      origin,
      tiles,
      logKey: inner.key,
      store: { readEntries, findCheckpoint: () => witnessed.find() },
    };
  }

  get key(): VerifierKey {
    return this.#inner.key;
  }

  async append(entry: Bytes): Promise<LogEntryProof> {
    const { index } = await this.#inner.append(entry);
    this.#appended = Math.max(this.#appended, index + 1);
    const settle = Promise.withResolvers<LogEntryProof>();
    this.#waiting.push({ index, entry, settle });
    this.#working ??= this.#work();
    return settle.promise;
  }

  // What waits is in the log already, so that the checkpoint of each round has all that waited before it.
  async #work(): Promise<void> {
    while (this.#waiting.length > 0) await this.#round(this.#waiting.splice(0));
    this.#working = undefined;
  }

  async #round(batch: readonly Waiting[]): Promise<void> {
    try {
      const view = await this.#witness();
      await Promise.all(
        batch.map(({ index, entry, settle }) =>
          proveEntry(view, index, entry).then(settle.resolve, settle.reject),
        ),
      );
    } catch (error) {
      for (const { settle } of batch) settle.reject(error);
    }
  }

  /**
   * The newest checkpoint, cosigned now if it was not before. A process that shares the log may have had a later one
   * cosigned meanwhile; then this one came too late to be, and the later one is tried.
   */
  async #witness(): Promise<LogView> {
    const note = await this.#inner.checkpoint();
    try {
      return await this.#witnessAt(note);
    } catch (error) {
      const newer = await this.#inner.checkpoint();
      if (findFaultCode(error) !== "log/not-witnessed" || newer === note) throw error;
      return this.#witnessAt(newer);
    }
  }

  async #witnessAt(note: string): Promise<LogView> {
    const newest = await loadView(this.#source, note);
    const known = await this.#find();
    if (known && known.checkpoint.size >= newest.checkpoint.size) return known;
    const cosigned = await this.#ports.witnesses.cosign({
      checkpoint: newest.checkpoint,
      prove: (olderSize) => newest.reader.proveConsistency(olderSize),
    });
    const view = { ...newest, checkpoint: await this.#checkCosigned(cosigned, newest.checkpoint) };
    await this.#publish(view);
    return view;
  }

  async #checkCosigned(note: string, asked: VerifiedCheckpoint): Promise<VerifiedCheckpoint> {
    const { crypto, origin, logKey } = this.#source;
    const cosigned = await verifyCheckpoint(crypto, note, { origin, logKey });
    if (cosigned.size === asked.size && equalBytes(cosigned.rootHash, asked.rootHash)) return cosigned;
    throw logFault("log/corrupt", "what was cosigned is not what was to be cosigned");
  }

  // Another process may have published a larger one meanwhile: then that stays, and ours proves as well.
  async #publish(view: LogView): Promise<void> {
    const { witnessed } = this.#ports;
    for (let last = await witnessed.find(); isSmaller(last, view); last = await witnessed.find()) {
      if (await witnessed.replace(view.checkpoint.note, last)) break;
    }
    if (view.checkpoint.size >= (this.#view?.checkpoint.size ?? 0)) this.#view = view;
  }

  async #find(): Promise<LogView | undefined> {
    const view = await currentView(this.#source, this.#view);
    if (view && view.checkpoint.size >= (this.#view?.checkpoint.size ?? 0)) this.#view = view;
    return view;
  }

  async #current(): Promise<LogView> {
    const view = await this.#find();
    if (view) return view;
    throw logFault("log/not-witnessed", "no checkpoint of the log was cosigned by enough witnesses yet", {
      next: "see to it that the witnesses of the policy run, and follow this log",
    });
  }

  /** Has the newest checkpoint cosigned, where nobody waits for it; that it cannot be is no fault here. */
  async catchUp(): Promise<void> {
    this.#working ??= this.#witness().then(
      () => this.#work(),
      (error: unknown) => this.#afterFailure(error),
    );
    await this.#working;
  }

  async #afterFailure(error: unknown): Promise<void> {
    await this.#work();
    if (findFaultCode(error) !== "log/not-witnessed") throw error;
  }

  async prove(index: number): Promise<LogEntryProof> {
    return proveStoredEntry(this.#source, await this.#current(), index);
  }

  async proveConsistency(olderSize: number): Promise<LogConsistencyProof> {
    const { reader, checkpoint } = await this.#current();
    return { checkpoint: checkpoint.note, hashes: await reader.proveConsistency(olderSize) };
  }

  async checkpoint(): Promise<string> {
    if (!this.#isComplete()) void this.catchUp().catch(() => undefined);
    return (await this.#current()).checkpoint.note;
  }

  // Whoever reads brings on what the witnesses still owe; what fails then fails again for whoever waits for it.
  #isComplete(): boolean {
    return this.#appended <= (this.#view?.checkpoint.size ?? 0);
  }

  async readTile(path: string): Promise<Bytes | undefined> {
    const tile = parseTilePath(path);
    const { checkpoint } = await this.#current();
    return isPublished(tile, checkpoint.size) ? this.#ports.tiles.read(path) : undefined;
  }

  async close(): Promise<void> {
    await this.#inner.close();
    await this.#working;
  }
}

function isSmaller(note: string | undefined, { checkpoint }: LogView): boolean {
  return note === undefined || parseCheckpoint(parseNote(note).text).size < checkpoint.size;
}
