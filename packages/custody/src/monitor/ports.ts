import type { Crypto } from "custody/ground";

import type { Alarm } from "./alarm.ts";

/** A log as anyone reads it (C2SP tlog-tiles): nothing that it gives is trusted. */
export interface LogReader {
  /**
   * The bytes at `checkpoint`, or at the path of a tile or entry bundle; undefined where there is nothing.
   *
   * @throws CustodyError `monitor/unreachable` when it cannot be said whether there is, or there is too much.
   */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** What a monitor remembers of a log. */
export interface MonitorState {
  /** The note of the last checkpoint that was found good. */
  readonly checkpoint: string;
  /** How many entries were looked at. */
  readonly read: number;
}

/**
 * Where a monitor keeps what it remembers of one log. What `keep` has returned from is durable, and replaces what was
 * kept before.
 */
export interface MonitorStore {
  find(): Promise<MonitorState | undefined>;
  keep(state: MonitorState): Promise<void>;
}

/** What a monitor acts through. */
export interface MonitorPorts {
  readonly crypto: Crypto;
  readonly log: LogReader;
  readonly store: MonitorStore;
  /** Tells an alarm; it was told when this has returned. What was not told is told again at the next look. */
  raise(alarm: Alarm): Promise<void>;
}
