/** Upper bounds of the buckets, in seconds: OPA's. */
const bounds = [1e-6, 5e-6, 1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 1e-2, 1e-1, 1] as const;
const name = "http_request_duration_seconds";

interface Series {
  readonly labels: string;
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** How long requests took, by status, door and method. */
export class RequestMetrics {
  readonly #series = new Map<string, Series>();

  observe(
    labels: { readonly code: number; readonly handler: string; readonly method: string },
    seconds: number,
  ): void {
    const { code, handler, method } = labels;
    const key = `code="${code}",handler="${handler}",method="${method.toLowerCase()}"`;
    const series = this.#series.get(key) ?? { labels: key, buckets: bounds.map(() => 0), sum: 0, count: 0 };
    this.#series.set(key, series);
    for (const [i, bound] of bounds.entries())
      if (seconds <= bound) series.buckets[i] = (series.buckets[i] ?? 0) + 1;
    series.sum += seconds;
    series.count++;
  }

  /** In the text format of Prometheus. */
  get text(): string {
    const sorted = [...this.#series.values()].toSorted((a, b) => (a.labels < b.labels ? -1 : 1));
    return [
      `# HELP ${name} A histogram of duration for requests.`,
      `# TYPE ${name} histogram`,
      ...sorted.flatMap(linesOf),
      "",
    ].join("\n");
  }
}

function linesOf({ labels, buckets, sum, count }: Series): readonly string[] {
  return [
    ...bounds.map((bound, i) => `${name}_bucket{${labels},le="${boundText(bound)}"} ${buckets[i]}`),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${count}`,
  ];
}

/** As Go writes it: `1e-06`. */
function boundText(bound: number): string {
  return bound >= 1e-4 ? String(bound) : bound.toExponential().replace(/e-(\d)$/, "e-0$1");
}

/** One number with its own name. */
export function counterText(counter: string, help: string, count: number): string {
  return [`# HELP ${counter} ${help}`, `# TYPE ${counter} counter`, `${counter} ${count}`, ""].join("\n");
}
