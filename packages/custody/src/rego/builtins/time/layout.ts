/** One element of a layout of Go's `time` package (`2006`, `Jan`), with the text before it. */
export interface LayoutPart {
  readonly prefix: string;
  /** Empty at the end of the layout. */
  readonly element: string;
}

const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|2|__2|_2(?!006)|3|4|5|PM|pm|[-Z]07:00:00|[-Z]070000|[-Z]07:00|[-Z]0700|[-Z]07|[.,](?:0+|9+)(?!\d)/g;

/** The elements of a layout; the last part has none. */
export function layoutParts(layout: string): readonly LayoutPart[] {
  const parts: LayoutPart[] = [];
  let from = 0;
  for (const { 0: element, index } of layout.matchAll(elements)) {
    parts.push({ prefix: layout.slice(from, index), element });
    from = index + element.length;
  }
  return [...parts, { prefix: layout.slice(from), element: "" }];
}

/** Layouts that OPA knows by name. */
const named: Readonly<Record<string, string>> = {
  ANSIC: "Mon Jan _2 15:04:05 2006",
  UnixDate: "Mon Jan _2 15:04:05 MST 2006",
  RubyDate: "Mon Jan 02 15:04:05 -0700 2006",
  RFC822: "02 Jan 06 15:04 MST",
  RFC822Z: "02 Jan 06 15:04 -0700",
  RFC850: "Monday, 02-Jan-06 15:04:05 MST",
  RFC1123: "Mon, 02 Jan 2006 15:04:05 MST",
  RFC1123Z: "Mon, 02 Jan 2006 15:04:05 -0700",
  RFC3339: "2006-01-02T15:04:05Z07:00",
  RFC3339Nano: "2006-01-02T15:04:05.999999999Z07:00",
};

/** The layout that a name stands for, or the text itself. */
export function layoutOf(nameOrLayout: string): string {
  return Object.hasOwn(named, nameOrLayout) ? (named[nameOrLayout] as string) : nameOrLayout;
}

export const monthNames =
  "January February March April May June July August September October November December".split(" ");

export const weekdayNames = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
