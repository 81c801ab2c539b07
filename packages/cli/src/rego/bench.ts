import { documentText, members, problemsText, tableText } from "custody/rego/results";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { explained } from "./load-error.ts";
import { localHost } from "./host.ts";
import { loadBundles } from "./load-bundle.ts";
import { loadPaths, mergeLoaded } from "./load.ts";
import { compileSources, readInput } from "./policy-options.ts";
import type { InputOptions, LanguageOptions } from "./policy-options.ts";
import { loadSchemas } from "./schemas.ts";
import type { SchemaOptions } from "./schemas.ts";
import { statisticsOf } from "./timers.ts";

export interface BenchOptions extends LanguageOptions, InputOptions, SchemaOptions {
  readonly format: "pretty" | "json";
  readonly data: readonly string[];
  readonly bundle: readonly string[];
  readonly ignore: readonly string[];
  readonly import: readonly string[];
  readonly package?: string;
  readonly count: number;
  readonly fail: boolean;
  /** For how long evaluations are timed, in milliseconds. */
  readonly duration: number;
}

interface Measured {
  readonly evaluations: number;
  readonly microseconds: ReturnType<typeof statisticsOf>;
}

/** `custody rego bench`: how long one evaluation of a prepared query takes; 1 where the query is undefined. */
export async function bench(call: RegoCall<BenchOptions>): Promise<number> {
  const { options, streams } = call;
  try {
    const evaluate = await prepare(call);
    if (evaluate() === 0 && options.fail) {
      streams.err("the query is undefined: nothing to measure (--no-fail measures it all the same)\n");
      return endings.failed;
    }
    for (let i = 0; i < options.count; i++) streams.out(shown(measure(evaluate, options.duration), options));
    return endings.done;
  } catch (error) {
    streams.err(problemsText(explained(error).problems));
    return endings.failed;
  }
}

async function prepare({ args, options }: RegoCall<BenchOptions>): Promise<() => number> {
  const input = await readInput(options);
  const parts = [await loadPaths(options.data, options), ...(await loadBundles(options.bundle, options))];
  const { sources, data } = mergeLoaded(parts);
  const prepared = compileSources(sources, options, await loadSchemas(options)).prepare(args[0] ?? "", {
    imports: options.import,
    ...(options.package !== undefined && { package: options.package }),
  });
  const host = localHost();
  return () => prepared.evaluate(input, { data, host }).length;
}

/** Batches grow until one takes a fiftieth of the time; the first fifth of the time only warms up. */
function measure(evaluate: () => number, durationMilliseconds: number): Measured {
  const budget = durationMilliseconds * 1e6;
  let size = 1;
  while (timed(evaluate, size) < budget / 50 && size < 1e7) size *= 2;
  const samples: number[] = [];
  let evaluations = 0;
  for (let spent = 0; spent < budget || samples.length < 5;) {
    const nanoseconds = timed(evaluate, size);
    spent += nanoseconds;
    evaluations += size;
    samples.push(nanoseconds / size / 1000);
  }
  return { evaluations, microseconds: statisticsOf(samples) };
}

function timed(evaluate: () => number, times: number): number {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < times; i++) evaluate();
  return Number(process.hrtime.bigint() - begin);
}

function shown({ evaluations, microseconds }: Measured, { format }: BenchOptions): string {
  const { min, median, mean, max } = microseconds;
  const fields = { evaluations, "µs/op": median, "µs/op min": min, "µs/op mean": mean, "µs/op max": max };
  if (format === "json") return `${documentText(members(fields))}\n`;
  const rows = Object.entries(fields).map(([name, number]) => [
    name,
    Number.isInteger(number) ? String(number) : number.toFixed(3),
  ]);
  return tableText(rows, { alignments: ["left", "right"] });
}
