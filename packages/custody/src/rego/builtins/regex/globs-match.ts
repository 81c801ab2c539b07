import { BuiltinError } from "../builtin.ts";
import type { BuiltinContext } from "../builtin.ts";
import { fitsBoth, readGlobTokens } from "./glob-tokens.ts";
import type { GlobToken } from "./glob-tokens.ts";

/** Tokens of both patterns together; more would take too deep a walk. */
const lengthLimit = 2_000;

/** True when some text that is not empty matches both patterns. */
export function globsMatch(context: BuiltinContext, left: string, right: string): boolean {
  const sides: Sides = [readGlobTokens(left), readGlobTokens(right)];
  if (sides[0].length + sides[1].length > lengthLimit) throw new BuiltinError("the patterns are too long");
  const trimmed = findTrimmed(sides);
  return trimmed !== undefined && new Intersection(context, trimmed).fromStart();
}

type Sides = readonly [readonly GlobToken[], readonly GlobToken[]];

/** Without the plain tokens at either end but one, or undefined when two of them differ. */
function findTrimmed([a, b]: Sides): Sides | undefined {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  for (; start < shorter && plain(a[start], b[start]); start++) {
    if (!fits(a[start], b[start])) return undefined;
  }
  start = Math.max(start - 1, 0);
  let end = 0;
  for (; shorter - end > start && plain(a.at(-1 - end), b.at(-1 - end)); end++) {
    if (!fits(a.at(-1 - end), b.at(-1 - end))) return undefined;
  }
  end = Math.max(end - 1, 0);
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

function plain(a: GlobToken | undefined, b: GlobToken | undefined): boolean {
  return a?.flag === "" && b?.flag === "";
}

function fits(a: GlobToken | undefined, b: GlobToken | undefined): boolean {
  return a !== undefined && b !== undefined && fitsBoth(a, b);
}

/** A place in each pattern; `flipped` says that the first of the two is the right one. */
interface Places {
  readonly flipped: boolean;
  readonly i: number;
  readonly j: number;
}

/**
 * Walks both patterns at once, as OPA's library does; what it finds out about two places it remembers, so that
 * the work is bounded by the product of the lengths, not exponential.
 */
class Intersection {
  readonly #context: BuiltinContext;
  readonly #sides: Sides;
  readonly #known = new Map<string, boolean>();

  constructor(context: BuiltinContext, sides: Sides) {
    this.#context = context;
    this.#sides = sides;
  }

  fromStart(): boolean {
    return this.#plain({ flipped: false, i: 0, j: 0 });
  }

  #side(places: Places, second: boolean): readonly GlobToken[] {
    return this.#sides[places.flipped === second ? 0 : 1];
  }

  #plain(places: Places): boolean {
    const [a, b] = [this.#side(places, false), this.#side(places, true)];
    let { i, j } = places;
    for (; i < a.length && j < b.length; i++, j++) {
      if (!plain(a[i], b[j])) return this.#repeated({ ...places, i, j });
      if (!fits(a[i], b[j])) return false;
    }
    return i === a.length && j === b.length;
  }

  /** At least one of the two tokens is repeated; the first one's repetition goes first. */
  #repeated(places: Places): boolean {
    const key = `${places.flipped} ${places.i} ${places.j}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#context.spend(1);
    const first = this.#side(places, false)[places.i];
    const turned = first?.flag === "" ? turn(places) : places;
    const isPlus = this.#side(turned, false)[turned.i]?.flag === "+";
    const found = isPlus ? this.#plus(turned) : this.#star(turned);
    this.#known.set(key, found);
    return found;
  }

  #plus(places: Places): boolean {
    const { i, j } = places;
    const other = this.#side(places, true)[j];
    if (!fits(this.#side(places, false)[i], other)) return false;
    if (this.#star({ ...places, j: j + 1 })) return true;
    return other?.flag !== "" && this.#plain({ ...places, i: i + 1 });
  }

  /** Takes tokens of the other pattern as long as they fit, and looks after each whether the rest goes together. */
  #star(places: Places): boolean {
    const [a, b] = [this.#side(places, false), this.#side(places, true)];
    const [star, next] = [a[places.i], a[places.i + 1]];
    for (let { j } = places; j < b.length; j++) {
      this.#context.spend(1);
      if (fits(b[j], next) && this.#plain({ ...places, i: places.i + 1, j })) return true;
      if (!fits(b[j], star)) return false;
    }
    return next === undefined;
  }
}

function turn({ flipped, i, j }: Places): Places {
  return { flipped: !flipped, i: j, j: i };
}
