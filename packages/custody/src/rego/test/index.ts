export { parseTestFilter } from "./filter.ts";
export { findTests } from "./find-tests.ts";
export type { TestCase } from "./find-tests.ts";
export { jsonReport } from "./json-report.ts";
export { prettyReport, summary } from "./pretty-report.ts";
export type { PrettyOptions } from "./pretty-report.ts";
export type { SubResult } from "./sub-results.ts";
export { TestSuite } from "./suite.ts";
export type { Outcome, SuiteOptions, TestResult } from "./suite.ts";
