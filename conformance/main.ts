import { resolve } from "node:path";
import { parseArgs } from "node:util";

import { findVectors } from "custody/ground/vectors.testing";

import { runCases } from "./rego.ts";
import type { CaseOutcome } from "./rego.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dir: { type: "string" }, closures: { type: "boolean" }, quiet: { type: "boolean" } },
});

if (positionals[0] !== "rego") {
  console.error("usage: npm run conformance -- rego [--dir DIR] [--closures] [--quiet]");
  process.exit(2);
}
const directory = values.dir ? resolve(values.dir) : findVectors("opa-compliance");
if (directory === undefined) {
  console.log("skipped: there is no ../shared/vectors/opa-compliance; name a directory with --dir");
  process.exit(0);
}
const outcomes = runCases(directory, values.closures ? "closures" : "javascript");
report(outcomes, values.quiet ?? false);
process.exitCode = outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0;

function report(all: readonly CaseOutcome[], quiet: boolean): void {
  for (const { category, note, failure } of all) {
    if (failure !== undefined && !quiet) console.log(`✗ ${category}: ${note}\n      ${failure}`);
  }
  for (const [category, cases] of Map.groupBy(all, ({ category }) => category)) {
    console.log(`${category}: ${counts(cases)}`);
  }
  console.log(`in all: ${counts(all)}`);
}

function counts(cases: readonly CaseOutcome[]): string {
  const failed = cases.filter(({ failure }) => failure !== undefined).length;
  return `${cases.length - failed} passed, ${failed} failed, 0 skipped`;
}
