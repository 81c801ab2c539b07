import type { Policy } from "../engine.ts";
import type { Location, Module } from "../syntax/index.ts";
import { compareStrings } from "../values/index.ts";
import { placesOf } from "./places.ts";
import { compareRanges, contains, RangeFinder, rowsOf } from "./range.ts";
import type { Range } from "./range.ts";

/** What of a file evaluations came to. Lines are those that hold a rule's head or an expression. */
export interface FileCoverage {
  readonly covered: readonly Range[];
  readonly notCovered: readonly Range[];
  readonly coveredLines: number;
  readonly notCoveredLines: number;
  /** Of 100; 0 for a file without lines. */
  readonly coverage: number;
}

export interface CoverageReport {
  /** In the order of the files' names. */
  readonly files: ReadonlyMap<string, FileCoverage>;
  readonly coveredLines: number;
  readonly notCoveredLines: number;
  readonly coverage: number;
}

/** Collects where evaluations of one policy come to: `evaluate(input, { follow: coverage.visit })`. */
export class Coverage {
  readonly #policy: Policy;
  readonly #finders: ReadonlyMap<string, RangeFinder>;
  readonly #visited = new Map<string, Set<number>>();
  readonly #covered = new Map<string, Range[]>();

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#finders = new Map(policy.modules.map((module) => [module.file, new RangeFinder(module)]));
  }

  readonly visit = (at: Location): void => {
    const finder = this.#finders.get(at.file);
    if (!finder) return;
    const seen = entry(this.#visited, at.file, () => new Set<number>());
    // Two numbers below 2^26 make one that is exact: texts are at most 10 Mi characters long.
    const key = at.offset * 2 ** 26 + at.end;
    if (seen.has(key)) return;
    seen.add(key);
    entry(this.#covered, at.file, () => []).push(finder.rangeOf(at));
  };

  report(): CoverageReport {
    const modules = this.#policy.modules.toSorted((a, b) => compareStrings(a.file, b.file));
    const files = new Map(modules.map((module) => [module.file, this.#fileCoverage(module)]));
    return { files, ...summed([...files.values()]) };
  }

  #fileCoverage(module: Module): FileCoverage {
    const covered = (this.#covered.get(module.file) ?? []).toSorted(compareRanges);
    const ranges = placesOf(module).flatMap((at) => this.#finders.get(module.file)?.rangeOf(at) ?? []);
    const missed = ranges.filter((range) => !covered.some((other) => contains(other, range)));
    const notCovered = missed
      .sort(compareRanges)
      .filter((range, i) => i === 0 || compareRanges(range, missed[i - 1] ?? range) !== 0);
    const lines = { coveredLines: rowsOf(covered).length, notCoveredLines: rowsOf(notCovered).length };
    return { covered, notCovered, ...summed([lines]) };
  }
}

type Lines = Pick<FileCoverage, "coveredLines" | "notCoveredLines">;

function summed(files: readonly Lines[]): Lines & { readonly coverage: number } {
  const coveredLines = files.reduce((sum, one) => sum + one.coveredLines, 0);
  const notCoveredLines = files.reduce((sum, one) => sum + one.notCoveredLines, 0);
  const lines = coveredLines + notCoveredLines;
  return { coveredLines, notCoveredLines, coverage: lines === 0 ? 0 : (100 * coveredLines) / lines };
}

function entry<Key, Found>(map: Map<Key, Found>, key: Key, make: () => Found): Found {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
