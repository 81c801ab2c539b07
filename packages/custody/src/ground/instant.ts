import { CustodyError } from "./faults.ts";

/** Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. */
export type Instant = number & { readonly brand: "Instant" };

/** A span of time, both ends inclusive (as in Sigstore's TrustedRoot and X.509); no end means open. */
export interface TimeRange {
  readonly start: Instant;
  readonly end?: Instant;
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

export function instantOf(milliseconds: number): Instant {
  if (!Number.isSafeInteger(milliseconds)) {
    throw new CustodyError("instant/range", `${milliseconds} is not a whole number of milliseconds`);
  }
  return milliseconds as Instant;
}

/**
 * The instant an RFC 3339 §5.6 date-time names; digits below a millisecond are dropped.
 *
 * @throws CustodyError `instant/syntax` for any other text, an impossible date included.
 */
export function parseInstant(text: string): Instant {
  const fields = rfc3339.exec(text);
  const milliseconds = fields ? Date.parse(text) : Number.NaN;
  if (!fields || Number.isNaN(milliseconds) || !isRealDay(fields)) {
    throw new CustodyError("instant/syntax", `"${text.slice(0, 40)}" is not an RFC 3339 date-time`);
  }
  return milliseconds as Instant;
}

// Date.parse turns February 30th into March; RFC 3339 §5.7 does not allow it.
function isRealDay(fields: RegExpExecArray): boolean {
  const [year, month, day] = [Number(fields[1]), Number(fields[2]), Number(fields[3])];
  return day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** RFC 3339 in UTC with milliseconds. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

export function isWithin(instant: Instant, range: TimeRange): boolean {
  return instant >= range.start && (range.end === undefined || instant <= range.end);
}
