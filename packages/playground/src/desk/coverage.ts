import type { Coverage } from "custody/rego/cover";

import type { PolicyCoverage } from "./reports.ts";
import { fileNames } from "./workspace.ts";

interface Span {
  readonly start: { readonly row: number };
  readonly end: { readonly row: number };
}

/** The rows of the policy, without the tests'. */
export function policyCoverage(coverage: Coverage, by: PolicyCoverage["by"]): PolicyCoverage {
  const file = coverage.report().files.get(fileNames.policy);
  return {
    by,
    percent: file?.coverage ?? 0,
    coveredRows: rowsOf(file?.covered ?? []),
    missedRows: rowsOf(file?.notCovered ?? []),
  };
}

function rowsOf(spans: readonly Span[]): readonly number[] {
  const rows = new Set<number>();
  for (const { start, end } of spans) for (let row = start.row; row <= end.row; row++) rows.add(row);
  return [...rows].sort((a, b) => a - b);
}
