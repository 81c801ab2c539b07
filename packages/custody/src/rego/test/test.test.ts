import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { parseModule } from "../syntax/index.ts";
import { jsonReport, parseTestFilter, prettyReport, TestSuite } from "./index.ts";
import type { TestResult } from "./index.ts";

/** A clock that goes on by a microsecond whenever it is looked at. */
function ticking(): () => bigint {
  let now = 0n;
  return () => (now += 1000n);
}

function results(text: string, timeoutNanoseconds = 1_000_000_000n): readonly TestResult[] {
  const modules = [parseModule({ file: "a_test.rego", text: `package a\n\n${text}` })];
  const options = { builtins: allBuiltins, clock: ticking(), timeoutNanoseconds, follow: () => undefined };
  const suite = new TestSuite(modules, options);
  return suite.tests.map((one) => suite.run(one));
}

/** What becomes of the tests of a module: a line each, cases behind it. */
function check(text: string, ended: readonly string[]): void {
  const lines = results(text).map(({ test: { name }, outcome, subResults }) => {
    const cases = subResults.map(({ name, failed }) => `${name} ${failed ? "fails" : "passes"}`);
    return [`${name.join(".")} ${outcome}`, ...cases].join(", ");
  });
  assert.deepEqual(lines, ended, text);
}

test("a test passes when its rule is true, and fails for anything else", () => {
  check("test_a if true", ["test_a pass"]);
  check("test_a if false", ["test_a fail"]);
  check("test_a := 1", ["test_a fail"]);
  check("test_a if 1 / 0 == 0", ["test_a fail"]);
  check("test_a := 1 if true\ntest_b if true", ["test_a fail", "test_b pass"]);
  check("p.q.test_a if true\nother if false", ["p.q.test_a pass"]);
});

test("todo_ skips a test", () => {
  check("todo_test_a if false", ["todo_test_a skip"]);
});

test("of tests with one name each is run", () => {
  check("test_a if true\ntest_a if false\ntest_a if true", [
    "test_a pass",
    "test_a#01 fail",
    "test_a#02 pass",
  ]);
});

test("each key of a test is a case, and one that it came to and did not finish has failed", () => {
  const cases = 'some name, tc in {"one": 1, "two": 2}';
  check(`test_a[name] if { ${cases}; tc > 0 }`, ["test_a pass, one passes, two passes"]);
  check(`test_a[name] if { ${cases}; tc > 1 }`, ["test_a fail, one fails, two passes"]);
  check(`test_a[name] := tc == 1 if { ${cases} }`, ["test_a fail, one passes, two fails"]);
  check('test_a[tc.note] if { some tc in [{"note": "x", "n": 1}]; tc.n > 1 }', ["test_a fail, x fails"]);
});

test("a test that takes too long, or has two values, is an error", () => {
  const [slow] = results("test_a if { some x in numbers.range(1, 100000); x < 0 }", 1n);
  assert.equal(slow?.outcome, "error");
  assert.match(slow?.error?.message ?? "", /deadline/);
  check("test_a if { p == 1 }\np := 1\np := 2", ["test_a error"]);
});

test("a test that fails says where", () => {
  const [failed] = results("test_a if {\n\tx := 1\n\tx == 2\n\tx == 1\n}");
  assert.equal(failed?.failedAt?.row, 5);
});

test("the report for people counts cases, and shows what was printed", () => {
  const module = 'test_a if { print("hello"); false }\ntest_b[n] if { some n in ["x", "y"]; n == "x" }';
  const report = prettyReport(results(module), { verbose: false, modules: [] });
  const lines = report.replaceAll(/\(.*\)/g, "(T)").split("\n");
  assert.deepEqual(lines, [
    "a_test.rego:3:",
    "data.a.test_a: FAIL (T)",
    "",
    "  hello",
    "",
    "a_test.rego:4:",
    "data.a.test_b: FAIL (T)",
    "  y: FAIL",
    "-".repeat(80),
    "PASS: 1/3",
    "FAIL: 2/3",
    "",
  ]);
});

test("the report in JSON is OPA's", () => {
  const [report] = JSON.parse(jsonReport(results('test_a if { print("é") }'))) as [object];
  assert.deepEqual(report, {
    location: { file: "a_test.rego", row: 3, col: 1 },
    package: "data.a",
    name: "test_a",
    duration: (report as { duration: number }).duration,
    output: "w6kK",
  });
});

test("a filter matches anywhere in the full name", () => {
  const [one] = results("test_reader if true").map(({ test: found }) => found);
  for (const [pattern, matches] of [
    ["reader", true],
    ["^data\\.a\\.", true],
    ["^reader", false],
    ["(?i)READER$", true],
  ] as const) {
    assert.equal(one && parseTestFilter(pattern)(one), matches, pattern);
  }
  assert.throws(() => parseTestFilter("("), { code: "rego/parse" });
});
