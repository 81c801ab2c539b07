import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { findVectors } from "custody/ground/vectors.testing";

import { skip } from "../tests/live.testing.ts";
import { runClients } from "./clients/index.ts";
import type { ClientOutcome } from "./clients/index.ts";
import { runStorm } from "./log-storm/storm.ts";
import { runInTotoCases } from "./in-toto.ts";
import { runMerkleVectors } from "./merkle.ts";
import { runCases } from "./rego.ts";
import type { CaseOutcome } from "./rego.ts";
import { runBundleCases } from "./sigstore.ts";
import type { BundleOutcome } from "./sigstore.ts";
import { runSshsigVectors } from "./sshsig.ts";
import { runTlogVectors } from "./tlog.ts";
import { runTufSuite } from "./tuf-suite/index.ts";
import { runTufVectors } from "./tuf.ts";
import type { VectorOutcome } from "./vector-outcome.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dir: { type: "string" }, closures: { type: "boolean" }, quiet: { type: "boolean" } },
});

/** A suite of vectors that are judged one by one. */
interface VectorSuite {
  readonly folders: readonly string[];
  readonly run: (at: string) => Promise<readonly VectorOutcome[]>;
  /** What belongs to the suite and has no vectors; not run where a folder is named. */
  readonly also?: (say: (line: string) => void) => Promise<readonly VectorOutcome[]>;
}

const vectorSuites: Readonly<Record<string, VectorSuite>> = {
  "in-toto": { folders: ["in-toto-golang", "in-toto-demo", "in-toto-demo-dsse"], run: runInTotoCases },
  merkle: { folders: ["merkle"], run: runMerkleVectors },
  tlog: { folders: ["tlog"], run: runTlogVectors },
  tuf: { folders: ["tuf"], run: runTufVectors, also: runTufSuite },
  sshsig: { folders: ["sshsig"], run: runSshsigVectors },
};

process.exitCode = await main(positionals[0] ?? "");

async function main(suite: string): Promise<number> {
  switch (suite) {
    case "rego":
      return inVectors("opa-compliance", (directory) => {
        return report(runCases(directory, values.closures ? "closures" : "javascript"));
      });
    case "sigstore":
      return inVectors("sigstore-bundles", async (directory) =>
        reportBundles(await runBundleCases(directory)),
      );
    case "clients":
      return reportClients(await runClients((line) => console.error(line)));
    case "log-storm":
      return storm();
    default:
      return runVectorSuite(suite);
  }
}

async function runVectorSuite(suite: string): Promise<number> {
  const found = Object.hasOwn(vectorSuites, suite) ? vectorSuites[suite] : undefined;
  if (!found) {
    const suites = ["rego", "sigstore", "clients", "log-storm", ...Object.keys(vectorSuites)].join("|");
    console.error(`usage: npm run conformance -- ${suites} [--dir DIR] [--closures] [--quiet]`);
    return 2;
  }
  const outcomes: VectorOutcome[] = [];
  for (const folder of values.dir ? [values.dir] : found.folders) {
    await inVectors(folder, async (directory) => {
      outcomes.push(...(await found.run(directory)));
      return 0;
    });
  }
  if (!values.dir && found.also) outcomes.push(...(await found.also((line) => console.error(line))));
  return reportVectors(outcomes);
}

/** 100,000 entries over HTTP, and a server that is killed twenty times on the way. */
async function storm(): Promise<number> {
  if (skip) {
    console.log(`skipped: ${skip}`);
    return 0;
  }
  const say = (line: string): void => console.error(line);
  const outcome = await runStorm({ appends: 100_000, kills: 20, clients: 128, say });
  for (const [what, value] of Object.entries(outcome)) console.log(`${what}: ${Math.round(value)}`);
  console.log("no acknowledged entry is lost, nothing forked, and the log verifies from entry 0");
  return 0;
}

async function inVectors(
  name: string,
  run: (directory: string) => number | Promise<number>,
): Promise<number> {
  const directory = values.dir ? resolve(values.dir) : findVectors(name);
  if (directory !== undefined) return run(directory);
  console.log(`skipped: there is no ../shared/vectors/${name}; name a directory with --dir`);
  return 0;
}

function report(all: readonly CaseOutcome[]): number {
  for (const { category, note, failure } of all) {
    if (failure !== undefined && !values.quiet) console.log(`✗ ${category}: ${note}\n      ${failure}`);
  }
  for (const [category, cases] of Map.groupBy(all, ({ category }) => category)) {
    console.log(`${category}: ${counts(cases)}`);
  }
  console.log(`in all: ${counts(all)}`);
  return exitCodeOf(all);
}

function reportBundles(all: readonly BundleOutcome[]): number {
  for (const { name, mode, failure } of all) {
    if (failure !== undefined) console.log(`✗ ${name} (${mode}): ${failure}`);
  }
  for (const { name, exitCode, said, oracle } of all) {
    if (oracle === undefined || values.quiet || (oracle.says === "yes") === (exitCode === 0)) continue;
    const theirs = oracle.says === "yes" ? "yes" : `no: ${oracle.why}`;
    console.log(`≠ ${name}: custody ${exitCode}: ${said}\n      @sigstore/verify ${theirs}`);
  }
  console.log(counts(all));
  return exitCodeOf(all);
}

function reportVectors(all: readonly VectorOutcome[]): number {
  for (const { name, failure, skipped } of all) {
    if (failure !== undefined) console.log(`✗ ${name}: ${failure}`);
    else if (skipped !== undefined && !values.quiet) console.log(`skipped ${name}: ${skipped}`);
  }
  console.log(counts(all));
  return exitCodeOf(all);
}

function reportClients(all: readonly ClientOutcome[]): number {
  for (const { client, what, failure, skipped } of all) {
    const mark = skipped === undefined ? (failure === undefined ? "✓" : "✗") : "skipped";
    const reason = skipped ?? failure;
    console.log(`${mark} ${client}: ${what}${reason === undefined ? "" : `: ${reason.slice(0, 1000)}`}`);
  }
  console.log(counts(all));
  return exitCodeOf(all);
}

interface Outcome {
  readonly failure: string | undefined;
  readonly skipped?: string | undefined;
}

function exitCodeOf(all: readonly Outcome[]): number {
  return all.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

function counts(cases: readonly Outcome[]): string {
  const failed = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  return `${cases.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`;
}
