import type { Bytes } from "custody/ground";
import { findFaultCode, parseUtf8 } from "custody/ground";
import { checkExtension } from "custody/log";
import { emptyFrontier, formatTilePath, readFrontier, TileReader } from "custody/merkle";
import { checkQuorum, parseCheckpoint, parseNote, verifyCheckpoint } from "custody/note";
import type { Checkpoint, VerifiedCheckpoint, VerifierKey, WitnessPolicy } from "custody/note";
import { findLoggedStatement } from "custody/sigstore";

import type { Alarm, AlarmCode } from "./alarm.ts";
import { findEntries } from "./entries.ts";
import { monitorFault } from "./faults.ts";
import type { MonitorPorts, MonitorState } from "./ports.ts";
import { isWatched } from "./watch-list.ts";
import type { WatchList } from "./watch-list.ts";

/** What a monitor watches, and for what. */
export interface Watch {
  readonly origin: string;
  readonly logKey: VerifierKey;
  /** Who must have cosigned each checkpoint; nobody where nothing is said. */
  readonly policy?: WitnessPolicy;
  readonly watched: WatchList;
  /** Digests that may be signed in watched names. */
  readonly expected: ReadonlySet<string>;
}

/** What one look at a log came to. */
export interface Look {
  /** How many entries the log's last good checkpoint has, and how many of them were looked at in all. */
  readonly size: number;
  readonly read: number;
  readonly alarms: number;
  /** Whether something is so wrong with the log that looking again at once would find nothing more. */
  readonly isStuck: boolean;
}

/** How many entries one look takes in at most. */
const entriesLimit = 16_384;

/**
 * Looks at a log: its checkpoint's signatures, that it extends the one remembered (from tiles that are shown to be the
 * checkpoint's before they are used), and every entry not looked at yet, up to 16,384; whoever is behind looks again.
 *
 * What is wrong is told as an alarm before anything is remembered. A checkpoint that is wrong in itself is not
 * remembered, so that the next look finds it wrong again.
 *
 * @throws CustodyError `monitor/unreachable`, `monitor/state`, and what the ports throw: then nothing can be said.
 */
export async function watchLog(ports: MonitorPorts, watch: Watch): Promise<Look> {
  return new Looking(ports, watch, await ports.store.find()).look();
}

class Looking {
  readonly #ports: MonitorPorts;
  readonly #watch: Watch;
  readonly #state: MonitorState | undefined;
  readonly #remembered: Checkpoint | undefined;
  #alarms = 0;
  #isStuck = false;

  constructor(ports: MonitorPorts, watch: Watch, state: MonitorState | undefined) {
    this.#ports = ports;
    this.#watch = watch;
    this.#state = state;
    this.#remembered = state && readState(state, watch.origin);
  }

  async look(): Promise<Look> {
    const checkpoint = await this.#checkpoint();
    const tree = checkpoint && (await this.#tree(checkpoint));
    const isGood = checkpoint && tree && (await this.#extends(checkpoint, tree));
    if (!isGood) {
      this.#isStuck = true;
      return this.#result(this.#state?.read ?? 0, this.#remembered?.size ?? 0);
    }
    const read = await this.#readEntries(checkpoint, tree);
    await this.#ports.store.keep({ checkpoint: checkpoint.note, read });
    return this.#result(read, checkpoint.size);
  }

  #result(read: number, size: number): Look {
    return { size, read, alarms: this.#alarms, isStuck: this.#isStuck };
  }

  async #raise(code: AlarmCode, message: string, details: Alarm["details"]): Promise<undefined> {
    this.#alarms++;
    await this.#ports.raise({ code, log: this.#watch.origin, message, details });
    return undefined;
  }

  async #checkpoint(): Promise<VerifiedCheckpoint | undefined> {
    const { crypto, log } = this.#ports;
    const { origin, logKey, policy } = this.#watch;
    const bytes = await log.read("checkpoint");
    if (!bytes) throw monitorFault("monitor/unreachable", "the log has no checkpoint", { subject: origin });
    try {
      const checkpoint = await verifyCheckpoint(crypto, parseUtf8(bytes), { origin, logKey });
      return policy ? await this.#quorum(checkpoint, policy) : checkpoint;
    } catch (error) {
      const code = findFaultCode(error);
      if (code?.startsWith("note/") !== true && code !== "bytes/utf8") throw error;
      return this.#raise("monitor/signature", (error as Error).message, { checkpoint: showBytes(bytes) });
    }
  }

  async #quorum(
    checkpoint: VerifiedCheckpoint,
    policy: WitnessPolicy,
  ): Promise<VerifiedCheckpoint | undefined> {
    const verdict = await checkQuorum(this.#ports.crypto, checkpoint.note, policy);
    if (verdict.kind === "allowed") return checkpoint;
    const [{ message }] = verdict.reasons;
    return this.#raise("monitor/not-witnessed", message, { checkpoint: checkpoint.note });
  }

  /** The tree of the checkpoint, its right edge authenticated. */
  #tree(checkpoint: VerifiedCheckpoint): Promise<TileReader | undefined> {
    const { crypto, log } = this.#ports;
    const read = (tile: Parameters<typeof formatTilePath>[0]): Promise<Uint8Array | undefined> =>
      log.read(formatTilePath(tile));
    return this.#orTileAlarm(checkpoint, async () => {
      const frontier = checkpoint.size === 0 ? emptyFrontier : await readFrontier(crypto, checkpoint, read);
      return new TileReader(crypto, frontier, read);
    });
  }

  async #orTileAlarm<T>(checkpoint: VerifiedCheckpoint, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (findFaultCode(error)?.startsWith("merkle/") !== true) throw error;
      return this.#raise("monitor/tile", (error as Error).message, { checkpoint: checkpoint.note });
    }
  }

  /** Whether the new tree extends the remembered one. */
  async #extends(next: VerifiedCheckpoint, tree: TileReader): Promise<boolean> {
    const last = this.#remembered;
    if (!last) return true;
    const isLarger = last.size > 0 && next.size > last.size;
    const hashes = isLarger ? await this.#orTileAlarm(next, () => tree.proveConsistency(last.size)) : [];
    if (!hashes) return false;
    const verdict = checkExtension(this.#ports.crypto, last, next, hashes);
    if (verdict.kind === "allowed") return true;
    const [{ code, message }] = verdict.reasons;
    const checkpoints = [this.#state?.checkpoint, next.note];
    await this.#raise(extensionAlarms[code] ?? "monitor/inconsistent", message, { checkpoints });
    return false;
  }

  /** Looks at what was not looked at yet; answers with how many entries that is now. */
  async #readEntries(checkpoint: VerifiedCheckpoint, tree: TileReader): Promise<number> {
    const { crypto, log } = this.#ports;
    const { size } = checkpoint;
    const source = { hasher: crypto, log, tree, size };
    const start = this.#state?.read ?? 0;
    let at = start;
    while (at < size && at - start < entriesLimit) {
      const found = await this.#orTileAlarm(
        checkpoint,
        async () => (await findEntries(source, at)) ?? "missing",
      );
      if (found === "missing") {
        const message = `the bundle of entry ${at} is missing, or holds others than the tree`;
        await this.#raise("monitor/tile", message, { index: at, checkpoint: checkpoint.note });
      }
      if (found === undefined || found === "missing") {
        this.#isStuck = true;
        return at;
      }
      for (const [i, entry] of found.entries.entries()) await this.#judge(at + i, entry);
      at += found.entries.length;
    }
    return at;
  }

  async #judge(index: number, entry: Bytes): Promise<void> {
    const { watched, expected } = this.#watch;
    if (watched.identities.length === 0 && watched.keys.size === 0) return;
    const statement = findLoggedStatement(this.#ports.crypto, entry);
    if (!statement) {
      await this.#raise("monitor/entry", `entry ${index} is of no kind that is known here`, { index });
      return;
    }
    const { kind, digest, signers } = statement;
    const signer = signers.find((signer) => isWatched(watched, signer));
    if (!signer || expected.has(digest)) return;
    const name = signer.identity ?? signer.key;
    await this.#raise("monitor/identity", `${name} signed ${digest}, which nobody expected`, {
      index,
      kind,
      digest,
      ...signer,
    });
  }
}

const extensionAlarms: Readonly<Record<string, AlarmCode>> = {
  "log/forked": "monitor/forked",
  "log/rolled-back": "monitor/rolled-back",
};

const shownLength = 4096;

function showBytes(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, shownLength));
}

function readState({ checkpoint, read }: MonitorState, origin: string): Checkpoint {
  const remembered = parseCheckpoint(parseNote(checkpoint).text);
  if (remembered.origin === origin && read <= remembered.size) return remembered;
  throw monitorFault("monitor/state", "what is remembered is of another log", {
    subject: remembered.origin,
    next: "give each log a directory of its own",
  });
}
