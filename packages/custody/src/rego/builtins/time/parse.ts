import { BuiltinError } from "../builtin.ts";
import { civilSeconds, daysInMonth, isLeapYear } from "./civil.ts";
import { Fields } from "./parse-fields.ts";
import { layoutParts } from "./layout.ts";
import { Mismatch, parseElement, skipPrefix } from "./parse-elements.ts";

/** An instant. */
export interface ParsedTime {
  readonly unixSeconds: bigint;
  readonly nanosecond: number;
}

/**
 * The instant that a text is in a layout of Go's `time.Parse`. Without an offset it is of UTC.
 *
 * @throws BuiltinError in Go's words.
 */
export function parseTime(layout: string, text: string): ParsedTime {
  const fields = new Fields();
  let rest = text;
  const parts = layoutParts(layout);
  for (const [i, { prefix, element }] of parts.entries()) {
    const at = skipPrefix(rest, prefix);
    if (at.failed) throw cannotParse(layout, text, at.rest, prefix);
    rest = at.rest;
    if (element === "") break;
    const left = readElement(rest, element, fields, parts[i + 1]?.element ?? "");
    if (left === undefined) throw cannotParse(layout, text, rest, element);
    if (fields.outOfRange) throw refused(text, `${fields.outOfRange} out of range`);
    rest = left;
  }
  if (rest !== "") throw refused(text, `extra text: ${quote(rest)}`);
  return resolve(fields, text);
}

function readElement(rest: string, element: string, fields: Fields, next: string): string | undefined {
  try {
    return parseElement({ rest, element, next }, fields);
  } catch (error) {
    if (error instanceof Mismatch) return undefined;
    throw error;
  }
}

function resolve(fields: Fields, text: string): ParsedTime {
  const { year, minute, second, nanosecond, offsetSeconds } = fields;
  const { month, day } = fields.dayOfYear === undefined ? dateOf(fields) : yearDate(fields, text);
  if (day < 1 || day > daysInMonth(year, month)) throw refused(text, "day out of range");
  const local = civilSeconds({ year, month, day, hour: fields.hour24, minute, second });
  return { unixSeconds: local - BigInt(offsetSeconds), nanosecond };
}

interface MonthAndDay {
  readonly month: number;
  readonly day: number;
}

function dateOf({ month = 1, day = 1 }: Fields): MonthAndDay {
  return { month, day };
}

function yearDate({ year, month, day, dayOfYear = 0 }: Fields, text: string): MonthAndDay {
  if (dayOfYear < 1 || dayOfYear > (isLeapYear(year) ? 366 : 365))
    throw refused(text, "day-of-year out of range");
  let found = { month: 1, day: dayOfYear };
  while (found.day > daysInMonth(year, found.month))
    found = { month: found.month + 1, day: found.day - daysInMonth(year, found.month) };
  if (month !== undefined && month !== found.month) throw refused(text, "day-of-year does not match month");
  if (day !== undefined && day !== found.day) throw refused(text, "day-of-year does not match day");
  return found;
}

function cannotParse(
  ...[layout, text, rest, element]: readonly [string, string, string, string]
): BuiltinError {
  return new BuiltinError(
    `parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(element)}`,
  );
}

function refused(text: string, reason: string): BuiltinError {
  return new BuiltinError(`parsing time ${quote(text)}: ${reason}`);
}

/** In quotes, whatever is not ASCII as its bytes. */
function quote(text: string): string {
  const escaped = text
    .replace(/["\\]/g, "\\$&")
    .replace(/[^ -~]/gu, (character) =>
      Array.from(
        new TextEncoder().encode(character),
        (byte) => `\\x${byte.toString(16).padStart(2, "0")}`,
      ).join(""),
    );
  return `"${escaped}"`;
}
