import { monthNames, weekdayNames } from "./layout.ts";
import type { Fields } from "./parse-fields.ts";

/** The text is not what the element asks for. */
export class Mismatch extends Error {}

/** A text before an element of a layout is read; `next` is the element after that. */
export interface Place {
  readonly rest: string;
  readonly element: string;
  readonly next: string;
}

/** Skips the text between two elements; a run of spaces stands for any number of them. */
export function skipPrefix(
  text: string,
  prefix: string,
): { readonly rest: string; readonly failed: boolean } {
  let rest = text;
  for (const piece of prefix.match(/ +|[^ ]/gu) ?? []) {
    const spaces = piece.startsWith(" ");
    if (spaces ? rest !== "" && !rest.startsWith(" ") : !rest.startsWith(piece))
      return { rest, failed: true };
    rest = spaces ? rest.replace(/^ +/, "") : rest.slice(piece.length);
  }
  return { rest, failed: false };
}

type Reader = (place: Place, fields: Fields) => string;

/**
 * Reads one element into the fields and answers what is left.
 *
 * @throws Mismatch
 */
export function parseElement(place: Place, fields: Fields): string {
  const { element } = place;
  if (/^[-Z]07/.test(element)) return readOffset(place, fields);
  if (/^[.,]0/.test(element)) return readFraction(place.rest, element.length, fields);
  if (/^[.,]9/.test(element)) return readOpenFraction(place.rest, fields);
  const reader = readers[element];
  return reader ? reader(place, fields) : place.rest;
}

const readers: Readonly<Record<string, Reader>> = {
  "2006": ({ rest }, fields) => {
    const digits = take(/^\d.{3}/s, rest);
    fields.year = integer(digits);
    return rest.slice(4);
  },
  "06": ({ rest }, fields) => {
    const year = integer(take(/^..?/s, rest.length < 2 ? "" : rest));
    fields.year = year + (year >= 69 ? 1900 : 2000);
    return rest.slice(2);
  },
  January: ({ rest }, fields) => readName(rest, monthNames, (i) => (fields.month = i + 1)),
  Jan: ({ rest }, fields) => readName(rest, short(monthNames), (i) => (fields.month = i + 1)),
  Monday: ({ rest }) => readName(rest, weekdayNames, () => undefined),
  Mon: ({ rest }) => readName(rest, short(weekdayNames), () => undefined),
  "01": readMonth,
  "1": readMonth,
  "02": readDay,
  "2": readDay,
  _2: ({ rest, ...place }, fields) => readDay({ ...place, rest: rest.replace(/^ /, "") }, fields),
  "002": ({ rest }, fields) => readDayOfYear(rest, /^\d{3}/, fields),
  __2: ({ rest }, fields) => readDayOfYear(rest.replace(/^ {1,2}/, ""), /^\d{1,3}/, fields),
  "15": ({ rest }, fields) =>
    readNumber(rest, "2", (hour) => (fields.hour = fields.within("hour", hour, [0, 23]))),
  "03": readHour12,
  "3": readHour12,
  "04": readMinute,
  "4": readMinute,
  "05": readSecond,
  "5": readSecond,
  PM: ({ rest }, fields) => readHalf(rest, /^[AP]M/, fields),
  pm: ({ rest }, fields) => readHalf(rest, /^[ap]m/, fields),
  MST: ({ rest }) => readZoneName(rest),
};

function readMonth({ rest, element }: Place, fields: Fields): string {
  return readNumber(rest, element, (month) => (fields.month = fields.within("month", month, [1, 12])));
}

function readDay({ rest, element }: Place, fields: Fields): string {
  return readNumber(rest, element, (day) => (fields.day = day));
}

function readDayOfYear(rest: string, pattern: RegExp, fields: Fields): string {
  const digits = take(pattern, rest);
  fields.dayOfYear = Number(digits);
  return rest.slice(digits.length);
}

function readHour12({ rest, element }: Place, fields: Fields): string {
  return readNumber(rest, element, (hour) => (fields.hour = fields.within("hour", hour, [0, 12])));
}

function readMinute({ rest, element }: Place, fields: Fields): string {
  return readNumber(rest, element, (minute) => (fields.minute = fields.within("minute", minute, [0, 59])));
}

/** A fraction of a second may follow even where the layout has none. */
function readSecond({ rest, element, next }: Place, fields: Fields): string {
  const left = readNumber(
    rest,
    element,
    (second) => (fields.second = fields.within("second", second, [0, 59])),
  );
  return /^[.,]\d/.test(left) && !/^[.,][09]/.test(next) ? readOpenFraction(left, fields) : left;
}

/** Two digits; one will do unless the element begins with 0. */
function readNumber(rest: string, element: string, store: (value: number) => unknown): string {
  const digits = take(element.startsWith("0") ? /^\d\d/ : /^\d\d?/, rest);
  store(Number(digits));
  return rest.slice(digits.length);
}

function readName(rest: string, names: readonly string[], store: (index: number) => unknown): string {
  const lower = rest.slice(0, 9).toLowerCase();
  const index = names.findIndex((name) => lower.startsWith(name.toLowerCase()));
  if (index < 0) throw new Mismatch();
  store(index);
  return rest.slice(names[index]?.length);
}

function short(names: readonly string[]): readonly string[] {
  return names.map((name) => name.slice(0, 3));
}

function readHalf(rest: string, pattern: RegExp, fields: Fields): string {
  fields.half = take(pattern, rest).toLowerCase() === "pm" ? "pm" : "am";
  return rest.slice(2);
}

const offsets: Readonly<Record<string, RegExp>> = {
  "07": /^(.)(\d\d)/s,
  "0700": /^(.)(\d\d)(\d\d)/s,
  "07:00": /^(.)(\d\d):(\d\d)/s,
  "070000": /^(.)(\d\d)(\d\d)(\d\d)/s,
  "07:00:00": /^(.)(\d\d):(\d\d):(\d\d)/s,
};

function readOffset({ rest, element }: Place, fields: Fields): string {
  if (element.startsWith("Z") && rest.startsWith("Z")) return rest.slice(1);
  const [whole, sign, hours, minutes = "0", seconds = "0"] = offsets[element.slice(1)]?.exec(rest) ?? [];
  if (whole === undefined || (sign !== "+" && sign !== "-")) throw new Mismatch();
  const size =
    fields.within("time zone offset hour", Number(hours), [0, 24]) * 3600 +
    fields.within("time zone offset minute", Number(minutes), [0, 60]) * 60 +
    fields.within("time zone offset second", Number(seconds), [0, 60]);
  fields.offsetSeconds = sign === "-" ? -size : size;
  return rest.slice(whole.length);
}

/** A zone's abbreviation says nothing about its offset: it is skipped. */
function readZoneName(rest: string): string {
  const name =
    /^(?:UTC|ChST|MeST|GMT(?:[+-](?:\d|1\d|2[0-3])(?!\d))?|[+-](?:\d|[01]\d|2[0-3])(?!\d))/.exec(rest)?.[0] ??
    /^(?:[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3})(?![A-Z])/.exec(rest)?.[0];
  if (name === undefined) throw new Mismatch();
  return rest.slice(name.length);
}

function readFraction(rest: string, length: number, fields: Fields): string {
  const text = rest.slice(0, length);
  if (text.length < length || !/^[.,]\d+$/.test(text)) throw new Mismatch();
  fields.nanosecond = Number(text.slice(1, 10).padEnd(9, "0"));
  return rest.slice(length);
}

function readOpenFraction(rest: string, fields: Fields): string {
  const [text = ""] = /^[.,]\d+/.exec(rest) ?? [];
  return text === "" ? rest : readFraction(rest, text.length, fields);
}

function take(pattern: RegExp, rest: string): string {
  const [found] = pattern.exec(rest) ?? [];
  if (found === undefined) throw new Mismatch();
  return found;
}

function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Mismatch();
  return Number(text);
}
