import { isFailed } from "./run-suite.ts";
import type { CaseResult, TestResult } from "./run-suite.ts";

/** A suite's file and what became of its tests. */
export interface SuiteResult {
  readonly path: string;
  readonly tests: readonly TestResult[];
  readonly milliseconds: number;
}

/** What gator prints of suites: those that failed, or with `isVerbose` every test and case. */
export function suiteReport(suites: readonly SuiteResult[], isVerbose: boolean): string {
  const lines = suites.flatMap((suite) => [
    ...suite.tests.flatMap((test) => testLines(test, isVerbose)),
    `${suite.tests.some(isFailed) ? "FAIL" : "ok"}\t${suite.path}\t${seconds(suite)}`,
  ]);
  const isFailure = suites.some(({ tests }) => tests.some(isFailed));
  return `${[...lines, isFailure ? "FAIL" : "PASS"].join("\n")}\n`;
}

function testLines(test: TestResult, isVerbose: boolean): readonly string[] {
  const { name, reason } = test;
  if (test.isSkipped) return isVerbose ? [`=== SKIP  ${name}`] : [];
  const cases = test.cases.flatMap((one) => caseLines(one, isVerbose));
  const begin = isVerbose ? [`=== RUN   ${name}`] : [];
  if (!isFailed(test)) return isVerbose ? [...begin, ...cases, `--- PASS: ${name}\t(${seconds(test)})`] : [];
  const why = reason === undefined ? [] : [`  ${reason}`];
  return [...begin, ...cases, `--- FAIL: ${name}\t(${seconds(test)})`, ...why];
}

function caseLines(one: CaseResult, isVerbose: boolean): readonly string[] {
  const { name, reason } = one;
  if (one.isSkipped) return isVerbose ? [`    === SKIP  ${name}`] : [];
  const prints =
    one.prints.length > 0 ? ["=== PRINT ===", ...one.prints].map((line) => `        ${line}`) : [];
  const begin = isVerbose ? [`    === RUN   ${name}`, ...prints] : [];
  if (reason !== undefined)
    return [...begin, `    --- FAIL: ${name}\t(${seconds(one)})`, `        ${reason}`];
  return isVerbose ? [...begin, `    --- PASS: ${name}\t(${seconds(one)})`] : [];
}

function seconds({ milliseconds }: { readonly milliseconds: number }): string {
  return `${(milliseconds / 1000).toFixed(3)}s`;
}
