/**
 * `npm run bench`: every figure of docs/reference/performance.md; `npm run bench -- NAME …` measures only those,
 * `--json` prints them for machines.
 */
import { cpus, release, totalmem } from "node:os";

import { consoleView } from "./console.ts";
import { decisions } from "./decisions.ts";
import { logAppends } from "./log-appends.ts";
import { logHttp } from "./log-http.ts";
import { logProofs } from "./log-proofs.ts";
import type { Benchmark, Figure } from "./measure.ts";
import { rego } from "./rego/index.ts";
import { server } from "./server.ts";
import { verifyBundles } from "./verify-bundles.ts";
import { verifyFile } from "./verify-file.ts";

const benchmarks: readonly Benchmark[] = [
  verifyFile,
  verifyBundles,
  decisions,
  logAppends,
  logHttp,
  logProofs,
  server,
  consoleView,
  rego,
];

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const names = words.filter((word) => !word.startsWith("--"));
  const unknown = names.find((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) {
    const known = benchmarks.map(({ name }) => name).join(", ");
    console.error(`there is no benchmark ${unknown}; there are: ${known}`);
    return 2;
  }
  const chosen = benchmarks.filter(({ name }) => names.length === 0 || names.includes(name));
  const figures = await runAll(chosen);
  if (words.includes("--json")) console.log(JSON.stringify({ machine: machine(), figures }, undefined, 2));
  else console.log([describe(machine()), "", ...tableOf(figures)].join("\n"));
  return 0;
}

async function runAll(chosen: readonly Benchmark[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const benchmark of chosen) {
    const say = (line: string): void => console.error(`${benchmark.name}: ${line}`);
    say("begins");
    const measured = await benchmark.run(say);
    if (typeof measured === "string") say(`skipped: ${measured}`);
    else figures.push(...measured);
  }
  return figures;
}

interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGigabytes: number;
  readonly kernel: string;
  readonly node: string;
}

function machine(): Machine {
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? "unknown",
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
  };
}

function describe({ cores, processor, memoryGigabytes, kernel, node }: Machine): string {
  return `${cores} cores (${processor}), ${memoryGigabytes} GB, ${kernel}, Node ${node}`;
}

function tableOf(figures: readonly Figure[]): string[] {
  const rows = figures.map(({ what, value, unit, beside }) => [what, `${round(value)} ${unit}`, beside]);
  const lines = [["what", "figure", "beside"], ["---", "---:", "---"], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`);
}

// Three digits say all that a run can know.
function round(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en");
}
