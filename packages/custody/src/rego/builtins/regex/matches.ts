import type { RE2JS } from "re2js";

import type { BuiltinContext } from "../builtin.ts";

/** A place where a pattern matched: offsets in UTF-16 units, and what its groups hold, the whole match first. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly string[];
}

/** The matches side by side, at most `limit` of them. As in Go, an empty one right behind another does not count. */
export function allMatches(
  context: BuiltinContext,
  pattern: RE2JS,
  text: string,
  limit = Infinity,
): readonly Match[] {
  const matches: Match[] = [];
  const matcher = pattern.matcher(text);
  let previousEnd = -1;
  while (matches.length < limit && matcher.find()) {
    context.spend(1);
    const [start, end] = [matcher.start(), matcher.end()];
    if (start < end || start !== previousEnd) {
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? "");
      matches.push({ start, end, groups });
    }
    previousEnd = end;
  }
  return matches;
}
