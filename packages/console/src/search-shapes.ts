import * as v from "valibot";

/* What the addresses of views say behind their `?`. What does not fit says nothing: an address is anybody's. */

const maxWordLength = 4096;
const word = v.fallback(v.optional(v.pipe(v.string(), v.maxLength(maxWordLength))), undefined);
const place = v.fallback(v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), undefined);

/** Where to after signing in. */
export const signInSearch = v.object({ to: word });

/** The node whose evidence is open, and whether the chain is a `picture` or a `list`. */
export const chainSearch = v.object({ node: word, as: word });
export type ChainSearch = v.InferOutput<typeof chainSearch>;

/** How decisions are narrowed; what is empty narrows nothing. */
export const decisionSearch = v.object({
  gate: word,
  repository: word,
  verdict: word,
  subject: word,
  code: word,
});
export type DecisionSearch = v.InferOutput<typeof decisionSearch>;

/** A search of the log: by what, for which value, and within which time (RFC 3339). */
export const logSearch = v.object({ by: word, value: word, issuer: word, since: word, until: word });
export type LogSearch = v.InferOutput<typeof logSearch>;

/** Which log: its origin; the one that takes entries where there is none. */
export const whichLog = v.object({ log: word });

/** One tile of a log. */
export const tileSearch = v.object({ log: word, level: place, index: place });
