import * as v from "valibot";

import type { TufKey } from "../key.ts";

const maxKeys = 1024;

/** A name or path: text that has one form in UTF-8. */
export const text = v.pipe(
  v.string(),
  v.maxLength(4096),
  v.check((value) => value.isWellFormed(), "half a character"),
);

// Fields that nobody here knows are let be. A key without a public part is of a kind that nobody here can read.
const keyShape: v.GenericSchema<unknown, TufKey> = v.looseObject({
  keytype: text,
  scheme: text,
  keyval: v.looseObject({ public: v.optional(v.pipe(v.string(), v.maxLength(16_384)), "") }),
});

/** Keys by their ids. An id is what a repository calls a key, and proves nothing (§4.3). */
export const keyMap = v.pipe(
  v.record(text, keyShape),
  v.maxEntries(maxKeys),
  v.transform((keys): ReadonlyMap<string, TufKey> => new Map(Object.entries(keys))),
);

/** Who must sign for a role: of the keys that these ids name, so many. */
export const roleShape = {
  keyids: v.pipe(
    v.array(text),
    v.maxLength(maxKeys),
    v.check((ids) => new Set(ids).size === ids.length, "a key id stands twice"),
  ),
  threshold: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
};
