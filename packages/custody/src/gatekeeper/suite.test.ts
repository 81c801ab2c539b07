import assert from "node:assert/strict";
import { test } from "node:test";

import type { RegoValue } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";

import { constraint, object, template, yaml } from "./gatekeeper.testing.ts";
import {
  everyTest,
  GatekeeperFault,
  isSuite,
  parseSuite,
  parseSuiteFilter,
  runSuite,
  suiteReport,
} from "./index.ts";

const files: Readonly<Record<string, readonly RegoValue[]>> = {
  "template.yaml": [template()],
  "broken.yaml": [template({ rego: "package a\np { true }" })],
  "constraint.yaml": [constraint()],
  "bad.yaml": [constraint("parameters: {labels: owner}")],
  "undecided.yaml": [constraint("match: {namespaceSelector: {}}")],
  "owned.yaml": [object("name: a, labels: {owner: me}")],
  "bare.yaml": [object("name: b, namespace: prod")],
  "prod.yaml": [yaml("{apiVersion: v1, kind: Namespace, metadata: {name: prod}}")],
  "request.yaml": [
    yaml("{apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: {object: {kind: Pod}}}"),
  ],
  "two.yaml": [object(), object()],
};

function read(path: string): readonly RegoValue[] {
  const found = files[path];
  if (found) return found;
  throw new GatekeeperFault("gatekeeper/suite", `${path} is not there`);
}

/** Runs tests (the entries of `tests`, in YAML); what gator would print, without durations. */
function check(tests: string, expected: readonly string[], filter = everyTest): void {
  const suite = parseSuite(yaml(`{apiVersion: test.gatekeeper.sh/v1alpha1, kind: Suite, tests: [${tests}]}`));
  const results = runSuite(suite, { builtins: allBuiltins, read, filter, clock: () => 0 });
  const report = suiteReport([{ path: "suite.yaml", tests: results, milliseconds: 0 }], true);
  assert.deepEqual(
    report
      .replaceAll(/\t\(?0\.000s\)?/g, "")
      .trimEnd()
      .split("\n"),
    expected,
    tests,
  );
}

/** The same for one case of one test; only why it fails. */
function checkCase(fields: string, expected: string | undefined, its = "constraint.yaml"): void {
  const one = `{name: t, template: template.yaml, constraint: ${its}, cases: [{name: c, ${fields}}]}`;
  const begin = ["=== RUN   t", "    === RUN   c"];
  const rest =
    expected === undefined
      ? ["    --- PASS: c", "--- PASS: t", "ok\tsuite.yaml", "PASS"]
      : ["    --- FAIL: c", `        ${expected}`, "--- FAIL: t", "FAIL\tsuite.yaml", "FAIL"];
  check(one, [...begin, ...rest]);
}

const passing = "{name: c, object: owned.yaml, assertions: [{violations: no}]}";

test("assertions count violations, all of them or those whose message matches", () => {
  const missing = 'labels are missing: {"owner"}';
  checkCase("object: owned.yaml, assertions: [{violations: no}]", undefined);
  checkCase("object: bare.yaml, assertions: [{violations: yes}, {violations: 1}, {}]", undefined);
  checkCase("object: bare.yaml, assertions: [{violations: 'yes', message: 'missing: .*owner'}]", undefined);
  checkCase("object: bare.yaml, assertions: [{violations: 0, message: other}]", undefined);
  checkCase("object: request.yaml, assertions: [{violations: yes}]", undefined);
  const got = (count: string): string => `unexpected number of violations: got ${count}`;
  checkCase("object: owned.yaml, assertions: [{}]", got("0 violations but want at least 1: got messages []"));
  checkCase(
    "object: bare.yaml, assertions: [{violations: no}]",
    got(`1 violations but want none: got messages [${missing}]`),
  );
  checkCase(
    "object: bare.yaml, assertions: [{violations: 2, message: owner}]",
    got(`1 violations containing "owner" but want exactly 2: got messages [${missing}]`),
  );
});

test("what cannot be run, or not be decided, fails", () => {
  checkCase("object: none.yaml, assertions: [{}]", "none.yaml is not there");
  checkCase("object: two.yaml, assertions: [{}]", "two.yaml has 2 documents, not one");
  checkCase("object: bare.yaml, assertions: [{message: '('}]", '"(" is no regular expression');
  const needs = "the namespace selector needs the Namespace prod, which is not at hand";
  const one = "object: bare.yaml, assertions: [{violations: yes}]";
  checkCase(one, `the constraint could not decide: ${needs}`, "undecided.yaml");
  checkCase(`${one}, inventory: [prod.yaml]`, undefined, "undecided.yaml");
});

test("a template or a constraint that is refused fails its test, unless the test says so", () => {
  const failed = (reason: string): string[] => [
    "=== RUN   t",
    "--- FAIL: t",
    `  ${reason}`,
    "FAIL\tsuite.yaml",
    "FAIL",
  ];
  check(
    `{name: t, template: broken.yaml, constraint: constraint.yaml, cases: [${passing}]}`,
    failed("ConstraintTemplate k8slabels: it has no rule violation"),
  );
  check(
    "{name: t, template: template.yaml, constraint: constraint.yaml, invalid: true}",
    failed("constraint should have failed schema validation"),
  );
  check(
    "{name: t, template: template.yaml, constraint: constraint.yaml, expansion: e.yaml}",
    failed("expansions are not supported"),
  );
  const passed = ["=== RUN   t", "--- PASS: t", "ok\tsuite.yaml", "PASS"];
  check("{name: t, template: template.yaml, constraint: bad.yaml, invalid: true}", passed);
});

test("tests and cases can be skipped, and chosen by name", () => {
  const tests = `{name: one, template: template.yaml, constraint: constraint.yaml, cases: [${passing}]},
    {name: two, skip: true, template: template.yaml, constraint: constraint.yaml, cases: [${passing}]}`;
  const run = ["=== RUN   one", "    === RUN   c", "    --- PASS: c", "--- PASS: one"];
  const end = ["=== SKIP  two", "ok\tsuite.yaml", "PASS"];
  check(tests, [...run, ...end]);
  for (const filter of ["one", "^c$", "one//c", "//c", "one//"]) {
    check(tests, [...run, ...end], parseSuiteFilter(filter));
  }
  check(tests, ["=== SKIP  one", ...end], parseSuiteFilter("three"));
  check(tests, ["=== RUN   one", "    === SKIP  c", "--- PASS: one", ...end], parseSuiteFilter("one//d"));
  assert.throws(() => parseSuiteFilter("a//b//c"), /more than one/);
  assert.throws(() => parseSuiteFilter("("), /no regular expression/);
});

test("a suite with a field that nothing reads is refused", () => {
  const suite = (fields: string): RegoValue =>
    yaml(`{apiVersion: test.gatekeeper.sh/v1alpha1, kind: Suite, ${fields}}`);
  for (const [fields, reason] of [
    ["test: []", /test/],
    ["tests: [{template: a, constraint: b, case: []}]", /tests\.0\.case/],
    ["tests: [{template: a}]", /tests\.0\.constraint/],
    ["tests: [{template: a, constraint: b, cases: [{object: c}]}]", /tests\.0\.cases\.0\.assertions/],
    [
      "tests: [{template: a, constraint: b, cases: [{object: c, assertions: []}]}]",
      /a case asserts something/,
    ],
    [
      "tests: [{template: a, constraint: b, cases: [{object: c, assertions: [{violations: some}]}]}]",
      /violations/,
    ],
    [
      "tests: [{template: a, constraint: b, cases: [{object: c, assertions: [{violations: -1}]}]}]",
      /violations/,
    ],
  ] as const) {
    assert.throws(() => parseSuite(suite(fields)), reason, fields);
  }
  assert.equal(isSuite(suite("tests: []")), true);
  assert.equal(isSuite(template()), false);
});

test("a template's prints are shown with its case", () => {
  const printing = template({
    rego: 'package a\nviolation[{"msg": "m"}] { print("seen", input.review.name) }',
  });
  const suite = parseSuite(
    yaml(`{apiVersion: test.gatekeeper.sh/v1alpha1, kind: Suite, tests: [
      {name: t, template: p.yaml, constraint: constraint.yaml, cases: [{name: c, object: bare.yaml, assertions: [{}]}]}]}`),
  );
  const [result] = runSuite(suite, {
    builtins: allBuiltins,
    read: (path) => (path === "p.yaml" ? [printing] : read(path)),
    filter: everyTest,
    clock: () => 0,
  });
  assert.deepEqual(result?.cases[0]?.prints, ["seen b"]);
});
