import { civilOf, daysInMonth } from "./civil.ts";
import type { Civil } from "./civil.ts";
import type { Moment } from "./moment.ts";

/** Years, months, days, hours, minutes and seconds between two moments, on the clocks of the first one's zone. */
export function difference(a: Moment, b: Moment): readonly number[] {
  const other = civilOf(b.unixSeconds + BigInt(a.zone.offsetSeconds(b.unixSeconds)));
  const swapped =
    a.unixSeconds > b.unixSeconds || (a.unixSeconds === b.unixSeconds && a.nanosecond > b.nanosecond);
  return swapped ? between(other, a.civil) : between(a.civil, other);
}

const fields = ["year", "month", "day", "hour", "minute", "second"] as const;

function between(from: Civil, to: Civil): readonly number[] {
  const sizes = [0, 12, daysInMonth(from.year, from.month), 24, 60, 60];
  const result = fields.map((field) => to[field] - from[field]);
  // From seconds up, a field below zero borrows from the one before it.
  for (let i = result.length - 1; i > 0; i--) {
    if ((result[i] as number) >= 0) continue;
    result[i] = (result[i] as number) + (sizes[i] as number);
    result[i - 1] = (result[i - 1] as number) - 1;
  }
  return result;
}
