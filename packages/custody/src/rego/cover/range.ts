import type { Location, Module } from "../syntax/index.ts";

interface Position {
  readonly row: number;
  readonly col: number;
}

/** From one place of a file to another, the last one exclusive. Rows and columns count from 1. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** The range of places in a module's text. */
export class RangeFinder {
  readonly #text: string;
  /** The offsets at which lines begin. */
  readonly #lines: readonly number[];

  constructor({ text }: Pick<Module, "text">) {
    this.#text = text;
    this.#lines = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  rangeOf({ offset, end }: Location): Range {
    return { start: this.#position(offset), end: this.#position(end) };
  }

  /** Columns count the bytes of UTF-8, as OPA's do. */
  #position(offset: number): Position {
    const line = this.#lines.findLastIndex((begin) => begin <= offset);
    const before = this.#text.slice(this.#lines[line] ?? 0, offset);
    return { row: line + 1, col: new TextEncoder().encode(before).length + 1 };
  }
}

export function compareRanges(a: Range, b: Range): number {
  return comparePositions(a.start, b.start) || comparePositions(a.end, b.end);
}

function comparePositions(a: Position, b: Position): number {
  return a.row - b.row || a.col - b.col;
}

/** True when one range is within the other. */
export function contains(outer: Range, inner: Range): boolean {
  return comparePositions(outer.start, inner.start) <= 0 && comparePositions(outer.end, inner.end) >= 0;
}

/** The rows that ranges touch, in order, each once. */
export function rowsOf(ranges: readonly Range[]): readonly number[] {
  const rows = new Set<number>();
  for (const { start, end } of ranges) for (let row = start.row; row <= end.row; row++) rows.add(row);
  return [...rows].sort((a, b) => a - b);
}

/** The rows as `3` and `5-7`: neighbours together. */
export function rowSpans(ranges: readonly Range[]): readonly string[] {
  const spans: [number, number][] = [];
  for (const row of rowsOf(ranges)) {
    const last = spans.at(-1);
    if (last && last[1] === row - 1) last[1] = row;
    else spans.push([row, row]);
  }
  return spans.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
}
