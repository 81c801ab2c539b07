import * as v from "valibot";

import { seenShape } from "./seen.ts";

const noteShape = v.object({ size: seenShape.entries.size, note: seenShape.entries.note });

export const alarmShape = v.object({
  /** Two trees of which neither goes on from the other. */
  kind: v.literal("forked"),
  origin: v.string(),
  /** What was seen before, and what the log shows instead. */
  before: noteShape,
  now: noteShape,
  message: v.string(),
  at: v.string(),
});

/** What an honest log does not do, and the two signed notes that show it. */
export type LogAlarm = v.InferOutput<typeof alarmShape>;

const maxAlarms = 20;

/** The list with one more, the newest first. The same two notes are one alarm, and the first ones are never pushed out. */
export function raise(alarms: readonly LogAlarm[], one: LogAlarm): readonly LogAlarm[] {
  const isKnown = alarms.some((other) => isSameAlarm(other, one));
  return isKnown || alarms.length >= maxAlarms ? alarms : [one, ...alarms];
}

/** The list without one that was dealt with. */
export function withdraw(alarms: readonly LogAlarm[], one: LogAlarm): readonly LogAlarm[] {
  return alarms.filter((other) => !isSameAlarm(other, one));
}

function isSameAlarm(a: LogAlarm, b: LogAlarm): boolean {
  return a.before.note === b.before.note && a.now.note === b.now.note;
}
