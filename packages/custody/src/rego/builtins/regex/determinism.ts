import { areDisjoint } from "./charset.ts";
import type { Charset } from "./charset.ts";
import type { SimpleNode } from "./simple-pattern.ts";

/** How many places a pattern may have, counted repeats written out. */
const placeLimit = 100;

/** Where a part can begin and end: numbers of places. */
interface Span {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly isNullable: boolean;
}

/**
 * Whether the next character always decides alone which place of the pattern it belongs to and how it is reached
 * (strongly one-unambiguous in the sense of Brüggemann-Klein and Wood). A matcher that backtracks then never looks at a
 * character twice but to find that it cannot go another way: its time is linear in the text.
 */
export function isDeterministic(node: SimpleNode): boolean {
  const places = new Places();
  const span = places.span(node);
  return !places.isTooMany && !places.isAmbiguous && places.areApart(span.first) && places.followsAreApart();
}

/** The positions of Glushkov's automaton, and which may follow which. */
class Places {
  readonly #sets: Charset[] = [];
  readonly #follows: Set<number>[] = [];
  /** A place follows another in two ways, as in `(a+)+`. */
  isAmbiguous = false;

  get isTooMany(): boolean {
    return this.#sets.length > placeLimit;
  }

  areApart(places: Iterable<number>): boolean {
    const sets = [...places].map((place) => this.#sets[place] ?? []);
    return sets.every((set, i) => sets.slice(i + 1).every((other) => areDisjoint(set, other)));
  }

  followsAreApart(): boolean {
    return this.#follows.every((places) => this.areApart(places));
  }

  span(node: SimpleNode): Span {
    if (this.isTooMany) return { first: [], last: [], isNullable: true };
    switch (node.kind) {
      case "set":
        return this.#place(node.set);
      case "sequence":
        return this.#chain(node.parts.map((part) => () => this.span(part)));
      case "choice":
        return joined(node.options.map((option) => this.span(option)));
      case "group":
        return this.span(node.body);
      default:
        return this.#repeat(node);
    }
  }

  #place(set: Charset): Span {
    const place = this.#sets.push(set) - 1;
    this.#follows.push(new Set());
    return { first: [place], last: [place], isNullable: false };
  }

  #chain(parts: readonly (() => Span)[]): Span {
    let whole: Span = { first: [], last: [], isNullable: true };
    for (const part of parts) {
      const next = part();
      this.#connect(whole.last, next.first);
      whole = {
        first: whole.isNullable ? [...whole.first, ...next.first] : whole.first,
        last: next.isNullable ? [...whole.last, ...next.last] : next.last,
        isNullable: whole.isNullable && next.isNullable,
      };
    }
    return whole;
  }

  #repeat({ body, least, most }: Extract<SimpleNode, { kind: "repeat" }>): Span {
    const once = (): Span => this.span(body);
    const required = Array.from({ length: most === Infinity ? Math.max(least - 1, 0) : least }, () => once);
    const rest = (): Span => this.#optional(body, Math.min(most - least, placeLimit));
    if (most !== Infinity) return this.#chain([...required, rest]);
    const loop = (): Span => {
      const span = once();
      this.#connect(span.last, span.first);
      return { ...span, isNullable: span.isNullable || least === 0 };
    };
    return this.#chain([...required, loop]);
  }

  /** At most so many times: each time may be the last. */
  #optional(body: SimpleNode, times: number): Span {
    if (times === 0 || this.isTooMany) return { first: [], last: [], isNullable: true };
    const span = this.#chain([() => this.span(body), () => this.#optional(body, times - 1)]);
    return { ...span, isNullable: true };
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const place of from) for (const next of to) this.#follow(this.#follows[place], next);
  }

  #follow(places: Set<number> | undefined, next: number): void {
    if (places?.has(next)) this.isAmbiguous = true;
    places?.add(next);
  }
}

function joined(spans: readonly Span[]): Span {
  return {
    first: spans.flatMap(({ first }) => first),
    last: spans.flatMap(({ last }) => last),
    isNullable: spans.some(({ isNullable }) => isNullable),
  };
}
