/** A set of code points: ranges in order, none touching another. */
export type Charset = readonly (readonly [first: number, last: number])[];

const lastCodePoint = 0x10ffff;

export function charsetOf(ranges: Charset): Charset {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const previous = merged.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function complement(set: Charset): Charset {
  const gaps: [number, number][] = [];
  let from = 0;
  for (const [first, last] of set) {
    if (first > from) gaps.push([from, first - 1]);
    from = last + 1;
  }
  return from <= lastCodePoint ? [...gaps, [from, lastCodePoint]] : gaps;
}

export function areDisjoint(a: Charset, b: Charset): boolean {
  return a.every(([first, last]) => b.every(([from, to]) => last < from || to < first));
}

/** As a class of a `RegExp` with the flag `u`. */
export function charsetSource(set: Charset): string {
  const escape = (point: number): string => `\\u{${point.toString(16)}}`;
  return `[${set.map(([first, last]) => (first === last ? escape(first) : `${escape(first)}-${escape(last)}`)).join("")}]`;
}

const codes = (text: string): Charset =>
  charsetOf(Array.from(text, (character) => [character.charCodeAt(0), character.charCodeAt(0)] as const));

const digits: Charset = [[0x30, 0x39]];
const words = charsetOf([...digits, [0x41, 0x5a], [0x61, 0x7a], [0x5f, 0x5f]]);
const spaces = codes("\t\n\f\r ");

/** Perl's classes as RE2 has them: of ASCII. */
export const perlClasses: Readonly<Record<string, Charset>> = {
  d: digits,
  w: words,
  s: spaces,
  D: complement(digits),
  W: complement(words),
  S: complement(spaces),
};

/** `.`: all but the end of a line. */
export const anyCharacter = complement(codes("\n"));
