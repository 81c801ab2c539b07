import { documentText, items, members, membersOf, tableText } from "../results/index.ts";
import type { Document } from "../results/index.ts";
import type { CoverageReport, FileCoverage } from "./coverage.ts";
import { rowSpans } from "./range.ts";
import type { Range } from "./range.ts";

/** The report in OPA's shape. */
export function coverageDocument(report: CoverageReport): Document {
  const files = [...report.files].map(([name, file]) => [name, fileDocument(file)] as const);
  return members({
    files: membersOf(files),
    covered_lines: report.coveredLines,
    not_covered_lines: report.notCoveredLines,
    coverage: report.coverage,
  });
}

/** As OPA: what is empty or zero is left out. */
function fileDocument({ covered, notCovered, ...file }: FileCoverage): Document {
  return members({
    covered: covered.length > 0 ? rangesDocument(covered) : undefined,
    not_covered: notCovered.length > 0 ? rangesDocument(notCovered) : undefined,
    covered_lines: file.coveredLines || undefined,
    not_covered_lines: file.notCoveredLines || undefined,
    coverage: file.coverage || undefined,
  });
}

function rangesDocument(ranges: readonly Range[]): Document {
  return items(
    ranges.map(({ start, end }) => members({ start: members({ ...start }), end: members({ ...end }) })),
  );
}

export function coverageText(report: CoverageReport): string {
  return `${documentText(coverageDocument(report))}\n`;
}

/** One line for people: `Overall Coverage`, in a table. */
export function coverageSummary({ coverage }: CoverageReport): string {
  return tableText([["Overall Coverage", coverage.toFixed(2)]]);
}

/** Why a report does not reach a threshold; with `lines`, which lines are missing. Undefined when it does. */
export function thresholdProblem(
  report: CoverageReport,
  threshold: number,
  detail: "short" | "lines",
): string | undefined {
  if (report.coverage >= threshold) return undefined;
  const [got, wanted] = [report.coverage.toFixed(2), threshold.toFixed(2)];
  const message = `Code coverage threshold not met: got ${got} instead of ${wanted}`;
  if (detail === "short") return message;
  const missing = [...report.files].flatMap(([name, { notCovered }]) =>
    rowSpans(notCovered).map((rows) => `\n\t${name}:${rows}`),
  );
  return `${message}\nLines not covered:${missing.join("")}`;
}
