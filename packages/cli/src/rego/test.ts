import { allBuiltins } from "custody/rego/builtins";
import { Coverage, coverageText, thresholdProblem } from "custody/rego/cover";
import { jsonReport, parseTestFilter, prettyReport, summary, TestSuite } from "custody/rego/test";
import type { TestResult } from "custody/rego/test";
import { parseModules } from "custody/rego";
import type { Location } from "custody/rego";

import type { ExplainMode } from "custody/rego/trace";

import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { explained } from "./load-error.ts";
import { localHost } from "./host.ts";
import { loadBundles } from "./load-bundle.ts";
import { loadPaths, mergeLoaded } from "./load.ts";
import { versionOf } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";
import { loadSchemas } from "./schemas.ts";
import type { SchemaOptions } from "./schemas.ts";

export interface TestOptions extends LanguageOptions, SchemaOptions {
  readonly format: "pretty" | "json";
  readonly verbose?: boolean;
  readonly run?: string;
  readonly coverage?: boolean;
  readonly threshold: number;
  readonly bundle?: boolean;
  readonly ignore: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly count: number;
  readonly failOnEmpty?: boolean;
  readonly exitZeroOnSkipped?: boolean;
  readonly sort: "none" | "duration";
  readonly explain?: ExplainMode;
}

/** `custody rego test`: 0 when all pass, 2 when one does not or coverage is too low, 1 when tests could not be run. */
export async function runTests(call: RegoCall<TestOptions>): Promise<number> {
  const { options, streams } = call;
  if (!(options.threshold >= 0 && options.threshold <= 100)) {
    streams.err("Code coverage threshold must be between 0 and 100\n");
    return endings.failed;
  }
  try {
    const session = await openSession(call);
    for (let i = 0; i < options.count; i++) {
      const ending = runOnce(session, call);
      if (ending !== endings.done) return ending;
    }
    return endings.done;
  } catch (error) {
    streams.err(explained(error).text);
    return endings.failed;
  }
}

interface Session {
  readonly suite: TestSuite;
  readonly coverage: Coverage | undefined;
}

async function openSession({ args, options }: RegoCall<TestOptions>): Promise<Session> {
  const bundles = options.bundle ? await loadBundles(args, options) : [await loadPaths(args, options)];
  const { sources, data } = mergeLoaded(bundles);
  const version = versionOf(options);
  const isCovered = options.coverage === true || options.threshold > 0;
  let coverage: Coverage | undefined;
  const follow = (at: Location): void => coverage?.visit(at);
  const suite = new TestSuite(parseModules(sources, { version }), {
    builtins: allBuiltins,
    version,
    schemas: await loadSchemas(options),
    clock: () => process.hrtime.bigint(),
    timeoutNanoseconds: BigInt(options.timeout) * 1_000_000n,
    data,
    host: localHost(),
    ...((isCovered || options.verbose) && { follow }),
    traced: options.explain !== undefined && !isCovered,
  });
  if (isCovered) coverage = new Coverage(suite.policy);
  return { suite, coverage };
}

function runOnce({ suite, coverage }: Session, { options, streams }: RegoCall<TestOptions>): number {
  const isChosen = options.run === undefined ? () => true : parseTestFilter(options.run);
  const results = suite.tests.filter(isChosen).map((test) => suite.run(test));
  const { explain } = options;
  const shown = { verbose: options.verbose ?? false, ...(explain && { explain }) };
  const report = { ...shown, modules: suite.policy.modules };
  if (coverage) return reportCoverage(results, coverage, { options, streams });
  if (options.format === "json") streams.out(jsonReport(sorted(results, options)));
  else streams.out(prettyReport(results, report));
  if (results.length === 0 && options.failOnEmpty) {
    streams.err("no tests were run\n");
    return endings.failed;
  }
  const isGood = ({ outcome }: TestResult): boolean =>
    outcome === "pass" || (outcome === "skip" && options.exitZeroOnSkipped === true);
  return results.every(isGood) ? endings.done : endings.error;
}

function sorted(results: readonly TestResult[], { sort }: TestOptions): readonly TestResult[] {
  if (sort === "none") return results;
  return results.toSorted((a, b) => Number(b.durationNanoseconds - a.durationNanoseconds));
}

/** Coverage counts only when every test passes. */
function reportCoverage(
  results: readonly TestResult[],
  coverage: Coverage,
  { options, streams }: Pick<RegoCall<TestOptions>, "options" | "streams">,
): number {
  const failures = results.filter(({ outcome }) => outcome === "fail" || outcome === "error");
  if (failures.length > 0) {
    streams.out(prettyReport(results, { verbose: options.verbose ?? false, modules: [] }));
    streams.err(failures.map((failure) => `${summary(failure)}\n`).join(""));
    return endings.failed;
  }
  const report = coverage.report();
  const problem = thresholdProblem(report, options.threshold, options.verbose ? "lines" : "short");
  if (problem === undefined) streams.out(coverageText(report));
  else streams.err(`${problem}\n`);
  return problem === undefined ? endings.done : endings.error;
}
