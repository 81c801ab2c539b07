import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { openSequenceRows } from "@custody/node/log-store";
import type { Database } from "@custody/node/postgres";
import type { Authorities } from "custody/authority";
import { parseTrustedRoot } from "custody/evidence";
import type { TrustedLog, TrustedRoot } from "custody/evidence";
import { instantOf, parseJson } from "custody/ground";
import type { Clock, Instant } from "custody/ground";
import { parseCheckpoint, parseNote } from "custody/note";
import type { TrustDomain } from "custody/spiffe";

import { findFile } from "./key-folder.ts";
import { retireKeyFiles } from "./retired-keys.ts";

/** When a start begins another shard of the log; where nothing is said only `custody trust rotate-key log` does. */
export interface ShardPlan {
  /** In the first start of a new year (UTC). */
  readonly yearly?: boolean;
  /** When the shard has this many entries. */
  readonly sizeLimit?: number;
}

/** The shard that takes entries: of the logs whose trust has no end, the last one that was added. */
export function findCurrentLog({ logs }: Pick<TrustedRoot, "logs">): TrustedLog | undefined {
  return logs.findLast(({ validFor }) => validFor.end === undefined);
}

/**
 * The name of a new shard. Go's clients take the host of a log's URL for its name, so it is a host alone:
 * `log.DOMAIN`, then `log-2.DOMAIN`; by years `log2027.DOMAIN`.
 */
export function nextLogOrigin(
  trustDomain: TrustDomain,
  taken: readonly string[],
  { yearly = false }: ShardPlan,
  now: Instant,
): string {
  const name = yearly ? `log${yearOf(now)}` : "log";
  for (let number = 1; ; number++) {
    const origin = `${name}${number === 1 ? "" : `-${number}`}.${trustDomain}`;
    if (!taken.includes(origin)) return origin;
  }
}

/** Where the tiles of a log are: the first shard's in `log/`, those of later ones in a folder of their own below. */
export function tileFolderOf(directory: string, { logs }: Pick<TrustedRoot, "logs">, origin: string): string {
  const top = join(directory, "log");
  return logs[0]?.origin === origin ? top : join(top, "shards", origin);
}

interface ShardState {
  readonly since: Instant;
  readonly size: number;
}

/** Whether the plan has the shard end now. */
export function isShardDue(
  { yearly, sizeLimit }: ShardPlan,
  { since, size }: ShardState,
  now: Instant,
): boolean {
  return (yearly === true && yearOf(since) < yearOf(now)) || (sizeLimit !== undefined && size >= sizeLimit);
}

export interface ShardingOptions {
  readonly directory: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly plan: ShardPlan;
}

/**
 * Ends the shard that the directory's log is in, when the plan says so: its key is retired, and the authorities that are
 * opened next make another. The caller holds the directory's lock. Answers with whether it did.
 */
export async function endShardIfDue({ directory, database, clock, plan }: ShardingOptions): Promise<boolean> {
  const bytes = await findFile(join(directory, "trusted_root.json"));
  const current = bytes && findCurrentLog(parseTrustedRoot(parseJson(bytes)));
  if (!current) return false;
  const note = await (await openSequenceRows(database, current.origin)).findCheckpoint();
  const size = note === undefined ? 0 : parseCheckpoint(parseNote(note).text).size;
  if (!isShardDue(plan, { since: current.validFor.start, size }, clock.now())) return false;
  await retireKeyFiles(directory, "log", clock.now());
  return true;
}

const secondMilliseconds = 1000;

/**
 * From when on a shard is trusted: the first whole second after those before it have ended. No second is in two shards, so that
 * timestamps, which tell whole seconds, order what is in them (see `Sighting` in custody/evidence).
 */
export function startAfter(ends: readonly Instant[]): Instant | undefined {
  if (ends.length === 0) return undefined;
  return instantOf((Math.floor(Math.max(...ends) / secondMilliseconds) + 1) * secondMilliseconds);
}

/** Nothing is signed before a shard's first second has come. */
export async function awaitStart(
  clock: Clock,
  { authorities, logOrigin }: { readonly authorities: Authorities; readonly logOrigin: string },
): Promise<void> {
  const own = authorities.trustedRoot.logs.find(({ origin }) => origin === logOrigin);
  const milliseconds = (own?.validFor.start ?? 0) - clock.now();
  if (milliseconds > 0 && milliseconds <= secondMilliseconds) await sleep(milliseconds);
}

function yearOf(instant: Instant): number {
  return new Date(instant).getUTCFullYear();
}
