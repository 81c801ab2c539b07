import { members, tableText } from "custody/rego/results";
import type { Document } from "custody/rego/results";

/** How long parts of a command took; a part that ran often is shown with its statistics. */
export class Timers {
  readonly #nanoseconds = new Map<string, number[]>();

  time<Result>(part: string, work: () => Result): Result {
    const begin = process.hrtime.bigint();
    const result = work();
    const taken = Number(process.hrtime.bigint() - begin);
    this.#nanoseconds.set(part, [...(this.#nanoseconds.get(part) ?? []), taken]);
    return result;
  }

  /** What they are in a JSON result. */
  members(): Readonly<Record<string, Document>> {
    const isSingle = this.#rows().every(([, taken]) => taken.length === 1);
    if (isSingle)
      return { metrics: members(Object.fromEntries(this.#rows().map(([name, [one]]) => [name, one]))) };
    const statistics = this.#rows().map(
      ([name, taken]) => [name, members({ ...statisticsOf(taken) })] as const,
    );
    return { aggregated_metrics: members(Object.fromEntries(statistics)) };
  }

  table(): string {
    const rows = this.#rows();
    if (rows.every(([, taken]) => taken.length === 1)) {
      return tableText(
        rows.map(([name, taken]) => [name, String(taken[0])]),
        { header: ["Metric", "Value"] },
      );
    }
    const header = ["Metric", "Min", "Max", "Mean", "90%", "99%"];
    const cells = rows.map(([name, taken]) => {
      const { min, max, mean, ...shares } = statisticsOf(taken);
      return [name, ...[min, max, mean, shares["90%"], shares["99%"]].map(String)];
    });
    return tableText(cells, { header });
  }

  #rows(): readonly (readonly [string, readonly number[]])[] {
    return [...this.#nanoseconds]
      .map(([part, taken]) => [`timer_${part}_ns`, taken] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

export interface Statistics {
  readonly "75%": number;
  readonly "90%": number;
  readonly "95%": number;
  readonly "99%": number;
  readonly count: number;
  readonly max: number;
  readonly mean: number;
  readonly median: number;
  readonly min: number;
  readonly stddev: number;
}

/** Of at least one number. */
export function statisticsOf(numbers: readonly number[]): Statistics {
  const sorted = numbers.toSorted((a, b) => a - b);
  const count = sorted.length;
  const mean = sorted.reduce((sum, one) => sum + one, 0) / count;
  const variance = sorted.reduce((sum, one) => sum + (one - mean) ** 2, 0) / count;
  return {
    "75%": percentile(sorted, 0.75),
    "90%": percentile(sorted, 0.9),
    "95%": percentile(sorted, 0.95),
    "99%": percentile(sorted, 0.99),
    count,
    max: sorted.at(-1) ?? 0,
    mean,
    median: percentile(sorted, 0.5),
    min: sorted[0] ?? 0,
    stddev: Math.sqrt(variance),
  };
}

/** Between two of the sorted numbers where none stands exactly there. */
function percentile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length + 1);
  const below = sorted[Math.floor(place) - 1];
  const above = sorted[Math.floor(place)];
  if (below === undefined) return sorted[0] ?? 0;
  if (above === undefined) return sorted.at(-1) ?? 0;
  return below + (place - Math.floor(place)) * (above - below);
}
