import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile } from "../index.ts";
import { Coverage, coverageDocument, thresholdProblem } from "./index.ts";
import type { CoverageReport } from "./index.ts";

const text = `package a

default allow := false

allow if {
	input.user == "ada"
	some x in [1, 2]
	x == input.x
}

other if input.other
`;

function report(input: { readonly user: string; readonly x: number }): CoverageReport {
  const policy = compile([{ file: "a.rego", text }], { builtins: allBuiltins });
  const coverage = new Coverage(policy);
  policy.prepare("data.a.allow", { followed: true }).evaluate({ ...input }, { follow: coverage.visit });
  return coverage.report();
}

function check(input: Parameters<typeof report>[0], rows: { covered: number[]; notCovered: number[] }): void {
  const file = report(input).files.get("a.rego");
  const rowsOf = (ranges: readonly { start: { row: number } }[] = []): number[] => [
    ...new Set(ranges.map(({ start }) => start.row)),
  ];
  assert.deepEqual({ covered: rowsOf(file?.covered), notCovered: rowsOf(file?.notCovered) }, rows);
}

test("lines that an evaluation came to are covered, heads when their rules held", () => {
  check({ user: "ada", x: 1 }, { covered: [5, 6, 7, 8], notCovered: [3, 11] });
  check({ user: "ada", x: 3 }, { covered: [3, 6, 7, 8], notCovered: [5, 11] });
});

test("shares count lines", () => {
  const { coverage, coveredLines, notCoveredLines } = report({ user: "ada", x: 1 });
  assert.deepEqual([coverage, coveredLines, notCoveredLines], [(100 * 4) / 6, 4, 2]);
});

test("a threshold that is missed names the lines", () => {
  const found = report({ user: "ada", x: 1 });
  assert.equal(thresholdProblem(found, 50, "lines"), undefined);
  const short = "Code coverage threshold not met: got 66.67 instead of 90.00";
  assert.equal(thresholdProblem(found, 90, "short"), short);
  assert.equal(thresholdProblem(found, 90, "lines"), `${short}\nLines not covered:\n\ta.rego:3\n\ta.rego:11`);
});

test("the document has OPA's members, in its order", () => {
  const document = coverageDocument(report({ user: "ada", x: 1 }));
  assert.deepEqual(document.kind === "members" && document.members.map(([name]) => name), [
    "files",
    "covered_lines",
    "not_covered_lines",
    "coverage",
  ]);
});

test("a rule without a body is covered as a whole, though its value had to be worked out", () => {
  const module =
    'package a\nd := "x"\nwhole := {\n  "a": d,\n  "b": 1,\n}\nw(x) := count(x)\np := [whole, w([])]';
  const policy = compile([{ file: "a.rego", text: module }], { builtins: allBuiltins });
  const coverage = new Coverage(policy);
  policy.prepare("data.a.p", { followed: true }).evaluate(undefined, { follow: coverage.visit });
  const { notCoveredLines, coveredLines } = coverage.report();
  assert.deepEqual([coveredLines, notCoveredLines], [7, 0]);
});
