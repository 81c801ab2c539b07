import assert from "node:assert/strict";
import { test } from "node:test";

import { examples } from "../examples/index.ts";
import { answer } from "./answer.ts";
import type { DeskReport, DeskRequest, Evaluated, Tested, Way, Workspace } from "./index.ts";
import { askedPaths } from "./trace.ts";

const clocks = { elapsed: () => performance.now(), now: () => 1_900_000_000_000 };
const blank: Workspace = { policy: "package a", tests: "", input: "", data: "", query: "" };

function ask<Kind extends DeskReport["kind"]>(kind: DeskRequest["kind"], workspace: Partial<Workspace>) {
  const report = answer({ kind, workspace: { ...blank, ...workspace } }, clocks);
  return structuredClone(report) as Extract<DeskReport, { kind: Kind }>;
}

const evaluate = (workspace: Partial<Workspace>): Evaluated => ask("evaluate", workspace);
const runTests = (workspace: Partial<Workspace>): Tested => ask("test", workspace);

function check(workspace: Partial<Workspace>, expected: Evaluated["outcome"]): void {
  assert.deepEqual(evaluate(workspace).outcome, expected, JSON.stringify(workspace));
}

function checkProblem(workspace: Partial<Workspace>, code: string | undefined, place?: string): void {
  const { outcome } = evaluate(workspace);
  assert.equal(outcome.kind, "error", JSON.stringify(workspace));
  const [problem] = outcome.problems;
  assert.equal(problem?.code, code);
  const at = problem?.place;
  assert.equal(at && `${at.field}:${at.row}:${at.col}`, place, problem?.message);
}

test("a value, false and undefined are three different outcomes", () => {
  const policy = "package a\np := input.x\nq := {1, 2}";
  check({ policy, input: '{"x": true}', query: "data.a.p" }, { kind: "defined", text: "true" });
  check({ policy, input: '{"x": false}', query: "data.a.p" }, { kind: "false" });
  check({ policy, input: "{}", query: "data.a.p" }, { kind: "undefined" });
  check({ policy, query: "data.a.p" }, { kind: "undefined" });
  check({ policy, query: "count(data.a.q)" }, { kind: "defined", text: "2" });
  check({ query: "1 == 2; true" }, { kind: "undefined" });
});

test("a query left blank asks for the package's document", () => {
  const { query, outcome } = evaluate({ policy: "package a.b\np := 1" });
  assert.equal(query, "data.a.b");
  assert.deepEqual(outcome, { kind: "defined", text: '{\n  "p": 1\n}' });
});

test("data is what rules do not define, and digits are kept", () => {
  const data = '{"big": 12345678901234567890}';
  check({ data, query: "data.big" }, { kind: "defined", text: "12345678901234567890" });
});

test("whatever is wrong is an error with OPA's code and its place", () => {
  checkProblem({ policy: "package a\np if {" }, "rego_parse_error", "policy:2:6");
  checkProblem({ policy: "package a\np := x" }, "rego_unsafe_var_error", "policy:2:6");
  checkProblem({ policy: "package a\np := count(1)" }, "rego_type_error", "policy:2:6");
  checkProblem({ policy: "package a\np if p" }, "rego_recursion_error", "policy:2:1");
  checkProblem({ policy: "package a\np := 1\np := 2" }, "eval_conflict_error", "policy:3:1");
  checkProblem({ query: "data.a[" }, "rego_parse_error", "query:1:7");
  checkProblem({ input: '{\n"a": 1,\n}' }, undefined, "input:3:1");
  checkProblem({ data: "[1]" }, undefined, "data:1:1");
  checkProblem({ policy: `package a\n# ${"x".repeat(300_000)}` }, undefined);
});

test("what takes too long is ended, and is an error", () => {
  const loop = "count([1 | some x in numbers.range(1, 9000); some y in numbers.range(1, 9000); x + y < 0])";
  checkProblem({ policy: `package a\np := ${loop}` }, "eval_limit_error");
});

test("a policy sees the time and chance, and no network", () => {
  check({ query: "time.now_ns()" }, { kind: "defined", text: "1900000000000000000" });
  check({ query: 'count(uuid.rfc4122("a"))' }, { kind: "defined", text: "36" });
  check({ query: 'http.send({"method": "get", "url": "http://localhost"})' }, { kind: "undefined" });
});

test("what a policy prints is shown once", () => {
  const { printed } = evaluate({ policy: 'package a\np if print("seen")' });
  assert.deepEqual(printed, ["seen"]);
});

function decisive(workspace: Partial<Workspace>): readonly string[] {
  const line = ({ kind, rule, stop }: Way): string =>
    `${kind} ${rule.row}${stop ? ` at ${stop.place.row}` : ""}`;
  return evaluate(workspace).trace.flatMap(({ ways }) => ways.filter((way) => way.isDecisive).map(line));
}

test("says which line decided: the rule that held, or where the others stopped", () => {
  const policy = "package a\ndefault p := false\np if {\n\tinput.x > 1\n\tq\n}\nq if input.y";
  assert.deepEqual(decisive({ policy, query: "data.a.p", input: '{"x": 2, "y": 1}' }), ["held 3"]);
  assert.deepEqual(decisive({ policy, query: "data.a.p", input: '{"x": 1}' }), ["held 2", "stopped 3 at 4"]);
  assert.deepEqual(decisive({ policy, query: "data.a.p", input: '{"x": 2}' }), ["held 2", "stopped 3 at 5"]);
  assert.deepEqual(decisive({ policy, query: "1 + 1" }), []);
  assert.deepEqual(decisive({ policy: "package a\np if f(1)\nf(x) if x > 0" }), ["held 2"]);
});

test("a trace names documents, their values, and what they saw of the input", () => {
  const { trace } = evaluate({ policy: "package a\np if input.x > 1", input: '{"x": 1}' });
  const [p] = trace;
  assert.deepEqual([p?.name, p?.value], ["data.a.p", undefined]);
  assert.deepEqual(p?.ways[0]?.known, [["input.x", "1"]]);
  assert.equal(p?.ways[0]?.stop?.text, "input.x > 1");
});

test("finds the documents that a query names", () => {
  assert.deepEqual(askedPaths("data.a.b == true; x := data.c"), [["a", "b"], ["c"]]);
  assert.deepEqual(askedPaths("input.data"), [[]]);
});

test("coverage says which rows an evaluation and tests came to", () => {
  const policy = "package a\np if input.x\nq if {\n\tnot input.x\n\tinput.y\n}";
  const { coverage } = evaluate({ policy, input: '{"x": true}' });
  assert.deepEqual(
    [coverage?.by, coverage?.coveredRows, coverage?.missedRows],
    ["evaluation", [2, 4], [3, 5]],
  );
  const tested = runTests({ policy, tests: "package t\ntest_p if data.a.p with input.x as true" });
  assert.deepEqual([tested.coverage?.by, tested.coverage?.coveredRows], ["tests", [2]]);
});

test("tests pass, fail where they stopped, are skipped, or end in an error", () => {
  const tests = `package t
test_good if data.a.p == 1
test_bad if {
	data.a.p == 1
	data.a.p == 2
}
todo_test_later if false
test_clash if data.a.c`;
  const { tests: results } = runTests({ policy: "package a\np := 1\nc := 1\nc := 2", tests });
  assert.deepEqual(
    results.map(({ name, outcome, failedAt }) => [name, outcome, failedAt?.row]),
    [
      ["data.t.test_good", "pass", undefined],
      ["data.t.test_bad", "fail", 5],
      ["data.t.todo_test_later", "skip", undefined],
      ["data.t.test_clash", "error", undefined],
    ],
  );
  assert.match(results[3]?.error ?? "", /eval_conflict_error/);
});

test("tests that do not compile say why", () => {
  const { problems, tests } = runTests({ tests: "package t\ntest_p if x" });
  assert.deepEqual(
    [tests.length, problems[0]?.code, problems[0]?.place?.field],
    [0, "rego_unsafe_var_error", "tests"],
  );
});

test("formats both texts, or says why not", () => {
  const formatted = ask<"formatted">("format", { policy: "package a\np if{input.x}", tests: "" });
  assert.deepEqual(formatted.texts, { policy: "package a\n\np if input.x\n", tests: "" });
  const refused = ask<"formatted">("format", { tests: "package" });
  assert.deepEqual([refused.texts, refused.problems[0]?.place?.field], [undefined, "tests"]);
});

test("each example is formatted, has an answer, and its tests pass and cover it", () => {
  for (const { name, workspace } of examples) {
    const { policy, tests } = workspace;
    assert.deepEqual(ask<"formatted">("format", workspace).texts, { policy, tests }, name);
    assert.notEqual(evaluate(workspace).outcome.kind, "error", name);
    assert.notEqual(evaluate(workspace).outcome.kind, "undefined", name);
    const tested = runTests(workspace);
    assert.deepEqual(new Set(tested.tests.map(({ outcome }) => outcome)), new Set(["pass"]), name);
    assert.ok((tested.coverage?.percent ?? 0) >= 90, name);
  }
});
