import { spawn } from "node:child_process";
import { once } from "node:events";

import { Bench } from "tinybench";

/** One line of the table: what was measured, and what it is to be read against. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What it was measured beside, or on what. */
  readonly beside: string;
}

/** A benchmark by the name that selects it. */
export interface Benchmark {
  readonly name: string;
  /** Answers with its figures, or with why it cannot be run here. */
  run(say: (line: string) => void): Promise<readonly Figure[] | string>;
}

/** The middle of the values; of an even number, the lower one of the two. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? Number.NaN;
}

/** Wall time of one process of this Node, in milliseconds; rejects when it does not end with 0. */
export async function timeProcess(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  const elapsed = performance.now() - start;
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code ?? "a signal"}`);
  return elapsed;
}

/** Medians of several commands, run in turn so that what else the machine does falls on all of them alike. */
export async function timeInTurn(
  commands: readonly (readonly string[])[],
  rounds: number,
): Promise<readonly number[]> {
  const times = commands.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, command] of commands.entries()) times[i]?.push(await timeProcess(command));
  }
  return times.map(medianOf);
}

/** How often a second it is done, one after the other, on one core; the median of at least `time` milliseconds. */
export async function rateOf(work: () => unknown, time = 1500): Promise<number> {
  const bench = new Bench({ time, warmupTime: 300, throws: true }).add("work", work);
  const [task] = await bench.run();
  if (task?.result.state !== "completed") throw new Error(`the benchmark ${task?.result.state ?? "is gone"}`);
  return 1000 / task.result.latency.p50;
}
