import { BuiltinError } from "../builtin.ts";
import { civilSeconds } from "./civil.ts";

/** A time zone: how far its clocks are from UTC, and what it is called there and then. */
export interface Zone {
  readonly offsetSeconds: (unixSeconds: bigint) => number;
  readonly abbreviation: (unixSeconds: bigint) => string;
}

export const utc: Zone = { offsetSeconds: () => 0, abbreviation: () => "UTC" };

/**
 * A zone by its IANA name.
 *
 * @throws BuiltinError for a name that is none.
 */
export function getZone(name: string): Zone {
  // A policy's answer must not depend on where it runs, so that "Local" is UTC.
  if (name === "" || name === "UTC" || name === "Local") return utc;
  if (name.includes("..") || /^[/\\]/.test(name)) throw new BuiltinError("time: invalid location name");
  const clock = findClock(name);
  if (!clock) throw new BuiltinError(`unknown time zone ${name}`);
  const offsetSeconds = (unixSeconds: bigint): number => offsetOf(clock, unixSeconds);
  return {
    offsetSeconds,
    abbreviation: (unixSeconds) =>
      unixSeconds >= 0n
        ? abbreviationOf(name, unixSeconds, offsetSeconds(unixSeconds))
        : earlyAbbreviation(name, unixSeconds, offsetSeconds),
  };
}

function findClock(name: string): Intl.DateTimeFormat | undefined {
  // Intl reads names in any case, and offsets; files of zones do not.
  if (/^[+-]/.test(name) || name === name.toLowerCase()) return undefined;
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return undefined;
  }
}

function offsetOf(clock: Intl.DateTimeFormat, unixSeconds: bigint): number {
  const parts = clock.formatToParts(Number(unixSeconds) * 1000);
  const read = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  const local = civilSeconds({
    year: read("year"),
    month: read("month"),
    day: read("day"),
    hour: read("hour"),
    minute: read("minute"),
    second: read("second"),
  });
  return Number(local - unixSeconds);
}

/** Where the abbreviations of a region's zones are known. */
const locales = ["en-US", "en-GB", "en-AU", "en-IN", "en-ZA", "en-NZ", "ja-JP", "ko-KR", "he-IL"];

/** Abbreviations of the zone database that Intl has in no language. */
const abbreviations: Readonly<Record<string, string>> = {
  "Africa/Cairo": "EET",
  "Africa/Johannesburg": "SAST",
  "Africa/Lagos": "WAT",
  "Africa/Nairobi": "EAT",
  "Asia/Hong_Kong": "HKT",
  "Asia/Jakarta": "WIB",
  "Asia/Karachi": "PKT",
  "Asia/Seoul": "KST",
  "Asia/Shanghai": "CST",
  "Asia/Tokyo": "JST",
  "Europe/Moscow": "MSK",
};

function abbreviationOf(name: string, unixSeconds: bigint, offsetSeconds: number): string {
  const known = abbreviations[name];
  if (known !== undefined) return known;
  for (const locale of locales) {
    const clock = new Intl.DateTimeFormat(locale, { timeZone: name, timeZoneName: "short" });
    const parts = clock.formatToParts(Number(unixSeconds) * 1000);
    const short = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    if (/^[A-Z]{2,5}$/.test(short)) return short;
  }
  return numericName(offsetSeconds);
}

const secondsAYear = 31_556_952n;

/** Intl names no zone before 1970: what has the same offset at that time of 1971 has the same name. */
function earlyAbbreviation(name: string, unixSeconds: bigint, offsetAt: Zone["offsetSeconds"]): string {
  const later = (((unixSeconds % secondsAYear) + secondsAYear) % secondsAYear) + secondsAYear;
  const offset = offsetAt(unixSeconds);
  if (offset % 60 !== 0) return "LMT";
  return offsetAt(later) === offset ? abbreviationOf(name, later, offset) : numericName(offset);
}

/** `+03`, `-0330`: how the zone database names what has no name. */
function numericName(offsetSeconds: number): string {
  const minutes = Math.floor(Math.abs(offsetSeconds) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  const rest = minutes % 60 === 0 ? "" : String(minutes % 60).padStart(2, "0");
  return `${offsetSeconds < 0 ? "-" : "+"}${hours}${rest}`;
}
