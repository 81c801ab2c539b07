import { countCharacters, sliceCharacters } from "../characters.ts";

/** The flags, width and precision of one directive: `%+-8.3f`. */
export interface Layout {
  sharp: boolean;
  zero: boolean;
  plus: boolean;
  minus: boolean;
  space: boolean;
  /** `#` and `+` of `%v`, which ask for Go's syntax rather than for another notation. */
  sharpV: boolean;
  plusV: boolean;
  width: number | undefined;
  precision: number | undefined;
}

export function plainLayout(): Layout {
  return {
    sharp: false,
    zero: false,
    plus: false,
    minus: false,
    space: false,
    sharpV: false,
    plusV: false,
    width: undefined,
    precision: undefined,
  };
}

/** Fills up to the width: with zeros on the left where they are asked for, else with spaces on either side. */
export function pad(text: string, layout: Layout): string {
  const filler = padding(layout, countCharacters(text), layout.zero && !layout.minus ? "0" : " ");
  return layout.minus ? text + filler : filler + text;
}

/** Like `pad`, never with zeros. */
export function padWithSpaces(text: string, layout: Layout): string {
  return pad(text, { ...layout, zero: false });
}

export function padding(layout: Layout, length: number, filler: string): string {
  return filler.repeat(Math.max(0, (layout.width ?? 0) - length));
}

/** No more characters than the precision. */
export function truncate(text: string, layout: Layout): string {
  return layout.precision === undefined ? text : sliceCharacters(text, 0, layout.precision);
}
