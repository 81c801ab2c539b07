export { Coverage } from "./coverage.ts";
export type { CoverageReport, FileCoverage } from "./coverage.ts";
export { coverageDocument, coverageSummary, coverageText, thresholdProblem } from "./report.ts";
export type { Range } from "./range.ts";
