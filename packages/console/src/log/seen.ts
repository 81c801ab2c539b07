import * as v from "valibot";

const hex64 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const maxNoteLength = 64 * 1024;
const maxKeyLength = 4096;

export const seenShape = v.object({
  origin: v.string(),
  /** The key that signed it: a log with another key is another log. */
  vkey: v.pipe(v.string(), v.maxLength(maxKeyLength)),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  rootHash: hex64,
  note: v.pipe(v.string(), v.maxLength(maxNoteLength)),
  /** When this browser first saw it. */
  at: v.string(),
});

/** A checkpoint that this browser has verified. */
export type SeenCheckpoint = v.InferOutput<typeof seenShape>;

const maxKept = 50;

/**
 * The list with one more, the oldest first; each tree of a log once. Of each log 50 are kept, the first that was ever seen always
 * among them: the longer ago, the more it says.
 */
export function remember(seen: readonly SeenCheckpoint[], one: SeenCheckpoint): readonly SeenCheckpoint[] {
  if (seen.some((other) => isSameTree(other, one)) || one.note.length > maxNoteLength) return seen;
  const [first, ...own] = [...seenOf(seen, one.vkey), one];
  const others = seen.filter(({ vkey }) => vkey !== one.vkey);
  return [...others, ...(first ? [first] : []), ...own.slice(1 - maxKept)];
}

/** Those of one log, the oldest first. */
export function seenOf(seen: readonly SeenCheckpoint[], vkey: string): readonly SeenCheckpoint[] {
  return seen.filter((one) => one.vkey === vkey);
}

/** The largest tree of a log that was seen. */
export function largestOf(seen: readonly SeenCheckpoint[], vkey: string): SeenCheckpoint | undefined {
  return seenOf(seen, vkey).toSorted((a, b) => b.size - a.size)[0];
}

function isSameTree(a: SeenCheckpoint, b: SeenCheckpoint): boolean {
  return a.vkey === b.vkey && a.size === b.size && a.rootHash === b.rootHash;
}
