import { raise } from "./alarm.ts";
import type { LogAlarm } from "./alarm.ts";
import type { CheckpointReport, ConsistencyReport } from "./messages.ts";
import { largestOf, remember } from "./seen.ts";
import type { SeenCheckpoint } from "./seen.ts";

/** A list that is read and changed at once. */
export interface ListPort<Item> {
  read(): readonly Item[];
  change(change: (items: readonly Item[]) => readonly Item[]): void;
}

export interface WatchPorts {
  /** The log's checkpoint, as the server gives it. */
  readonly ask: () => Promise<string>;
  readonly readCheckpoint: (note: string) => Promise<CheckpointReport>;
  readonly compare: (notes: readonly [string, string]) => Promise<ConsistencyReport>;
  readonly seen: ListPort<SeenCheckpoint>;
  readonly alarms: ListPort<LogAlarm>;
  /** RFC 3339. */
  readonly now: () => string;
}

/** The log as this browser found it just now. */
export interface WatchedLog {
  readonly checkpoint: CheckpointReport;
  /** The largest tree that this browser had seen before. */
  readonly before: SeenCheckpoint | undefined;
  /** How the two stand to each other. */
  readonly since: ConsistencyReport | undefined;
}

/**
 * Asks for the log's checkpoint, verifies it, and holds it to the largest that this browser saw before. A fork raises an alarm
 * that stays. An older checkpoint raises none: every log signed smaller trees once, and a cache may still hold one. What goes
 * on from before is remembered; what is older, or not shown to go on, is not.
 *
 * @throws what the ports throw: a checkpoint that the trusted key did not sign, an offline server.
 */
export async function watchLog(ports: WatchPorts): Promise<WatchedLog> {
  // Read before the server is asked: another tab may see a later checkpoint meanwhile, and this one is not older for that.
  const seen = ports.seen.read();
  const checkpoint = await ports.readCheckpoint(await ports.ask());
  const before = largestOf(seen, checkpoint.vkey);
  const since = before && (await ports.compare([before.note, checkpoint.note]));
  const watched = { checkpoint, before, since };
  const found = findFork(watched);
  if (found) ports.alarms.change((alarms) => raise(alarms, { ...found, at: ports.now() }));
  else if (!since || (since.outcome.kind === "consistent" && !isOlderThanSeen(watched))) {
    const { origin, vkey, size, rootHash, note } = checkpoint;
    ports.seen.change((all) => remember(all, { origin, vkey, size, rootHash, note, at: ports.now() }));
  }
  return watched;
}

/** Whether the server shows a smaller tree than this browser has seen: an earlier one of the log, unless that forked. */
export function isOlderThanSeen({ checkpoint, before }: WatchedLog): boolean {
  return before !== undefined && checkpoint.size < before.size;
}

function findFork({ checkpoint, before, since }: WatchedLog): Omit<LogAlarm, "at"> | undefined {
  if (!before || since?.outcome.kind !== "forked") return undefined;
  const { origin } = checkpoint;
  const { message } = since.outcome;
  return { kind: "forked", origin, before: pick(before), now: pick(checkpoint), message };
}

function pick({ size, note }: { readonly size: number; readonly note: string }): LogAlarm["now"] {
  return { size, note };
}
