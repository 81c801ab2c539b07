import { durationText } from "../results/index.ts";
import type { Module } from "../syntax/index.ts";
import { eventsOf, traceLines } from "../trace/index.ts";
import type { ExplainMode } from "../trace/index.ts";
import { pathText } from "./find-tests.ts";
import { countLeaves } from "./sub-results.ts";
import type { SubResult } from "./sub-results.ts";
import type { Outcome, TestResult } from "./suite.ts";

export interface PrettyOptions {
  /** Shows tests that passed too, and of those that failed where. */
  readonly verbose: boolean;
  /** The modules of the tests, for the lines that failed. */
  readonly modules: readonly Module[];
  /** What of the traces of tests that failed is shown; instead of where they failed. */
  readonly explain?: ExplainMode;
}

const rule = "-".repeat(80);
const words: Readonly<Record<Outcome, string>> = {
  pass: "PASS",
  fail: "FAIL",
  skip: "SKIPPED",
  error: "ERROR",
};

/** The results as `opa test` prints them, without a line break at the end of the last line. */
export function prettyReport(results: readonly TestResult[], options: PrettyOptions): string {
  const shown = results.filter(({ outcome }) => options.verbose || outcome !== "pass");
  const failures = results.filter(({ outcome }) => outcome === "fail");
  const lines = [
    ...shown.flatMap((result, i) => resultLines(result, shown[i - 1], options)),
    ...((options.verbose || options.explain) && failures.length > 0 ? failureLines(failures, options) : []),
    ...(shown.length > 0 ? [rule] : []),
    ...countLines(results),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function resultLines(
  result: TestResult,
  before: TestResult | undefined,
  { verbose }: PrettyOptions,
): readonly string[] {
  const { test, output, subResults, error } = result;
  const isOtherFile = before !== undefined && before.test.at.file !== test.at.file;
  return [
    ...(isOtherFile ? [""] : []),
    `${test.at.file}:${test.at.row}:`,
    summary(result),
    ...subLines(subResults, verbose, 1),
    ...(output.length > 0 ? ["", ...indented(output.join("\n").trim().split("\n"), 1), ""] : []),
    ...(error ? [`  ${error.message}`] : []),
  ];
}

/** `data.authz_test.test_reader: PASS (772.05µs)`. */
export function summary({ test, outcome, durationNanoseconds }: TestResult): string {
  const name = `${pathText(["data", ...test.package])}.${pathText(test.name)}`;
  return `${name}: ${words[outcome]}${outcome === "skip" ? "" : ` (${durationText(durationNanoseconds)})`}`;
}

function subLines(results: readonly SubResult[], verbose: boolean, depth: number): readonly string[] {
  return results.flatMap(({ name, failed, subResults }) => [
    ...(failed || verbose ? indented([`${name}: ${failed ? "FAIL" : "PASS"}`], depth) : []),
    ...subLines(subResults, verbose, depth + 1),
  ]);
}

function failureLines(failures: readonly TestResult[], options: PrettyOptions): readonly string[] {
  return [
    rule,
    "FAILURES",
    rule,
    ...failures.flatMap((failure) => [summary(failure), ...reasonLines(failure, options), ""]),
  ];
}

function reasonLines(failure: TestResult, options: PrettyOptions): readonly string[] {
  const { explain } = options;
  if (!failure.trace || !explain) return placeLines(failure, options);
  return ["", ...indented(traceLines(eventsOf(explain, failure.trace)), 1)];
}

/** The expression that did not hold, and where it stands. */
function placeLines({ failedAt, subResults }: TestResult, { modules }: PrettyOptions): readonly string[] {
  const failed = subLines(subResults, false, 1);
  const cases = failed.length > 0 ? ["", ...failed] : [];
  const text = failedAt && modules.find(({ file }) => file === failedAt.file)?.text;
  if (!failedAt || text === undefined) return cases;
  const lines = text.slice(failedAt.offset, failedAt.end).split("\n");
  return ["", ...indented([`${failedAt.file}:${failedAt.row}:`, ...indented(lines, 1)], 1), ...cases];
}

function indented(lines: readonly string[], depth: number): readonly string[] {
  return lines.map((line) => "  ".repeat(depth) + line);
}

function countLines(results: readonly TestResult[]): readonly string[] {
  const counts = { pass: 0, fail: 0, skip: 0, error: 0 };
  for (const { outcome, subResults } of results) {
    const leaves = countLeaves(subResults);
    const hasCases = subResults.length > 0 && outcome !== "skip" && outcome !== "error";
    if (!hasCases) counts[outcome]++;
    else {
      counts.pass += leaves.passed;
      counts.fail += leaves.failed;
    }
  }
  const all = counts.pass + counts.fail + counts.skip + counts.error;
  return (Object.keys(counts) as Outcome[])
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${words[outcome]}: ${counts[outcome]}/${all}`);
}
