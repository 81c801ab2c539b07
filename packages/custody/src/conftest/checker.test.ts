import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { compile, writeJson } from "custody/rego";
import type { RegoValue } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";

import { Checker, checkReport, ConftestFault, getFormat } from "./index.ts";
import type { CheckResult, Complaint, Output } from "./index.ts";

function checker(rules: string, namespace = "main"): Checker {
  const policy = compile([{ file: "p.rego", text: `package main\n${rules}` }], { builtins: allBuiltins });
  return new Checker(policy, namespace);
}

function run(rules: string, text: string): CheckResult {
  return checker(rules).check({ path: "a.yaml", parsed: getFormat("yaml").parse(text) }, {});
}

function shown({ rule, message, file, line }: Complaint): string {
  return `${rule} ${file}:${line} ${message}`;
}

/** Checks a YAML text with rules: what fails, warns, is excepted, and how many succeed. */
function check(rules: string, text: string, expected: readonly string[], successes = 0): void {
  const result = run(rules, text);
  const { failures, warnings, exceptions } = result;
  assert.deepEqual([...failures.map(shown), ...warnings.map(shown), ...exceptions], expected, rules);
  assert.equal(result.successes, successes, rules);
}

test("deny, violation and warn, with or without more of a name, are what checks", () => {
  check('deny contains "a" if input.x', "x: 1", ["deny a.yaml:1 a"]);
  check('deny contains "a" if input.y', "x: 1", [], 1);
  check('violation_size contains {"msg": "b"}\nwarn contains "c"', "x: 1", [
    "violation_size a.yaml:1 b",
    "warn a.yaml:1 c",
  ]);
  check('denying contains "a"\ndeny contains "b" if false\nhelper := 1', "x: 1", [], 1);
  check('deny contains "a" if input.x\ndeny contains "b" if input.y', "x: 1", ["deny a.yaml:1 a"], 1);
  check('deny := ["a", "b"]', "x: 1", ["deny a.yaml:1 a", "deny a.yaml:1 b"]);
});

test("every document of a file is checked alone, and has its line", () => {
  check(
    'deny contains "no" if input.x > 1',
    "x: 1\n---\nx: 2\n---\nx: 3\n",
    ["deny a.yaml:3 no", "deny a.yaml:5 no"],
    1,
  );
});

test("a rule can say the line, or where in the input it is; else it is the document's", () => {
  const text = "kind: Pod\nspec:\n  image: x\n";
  check('deny contains {"msg": "m", "_path": ["spec", "image"]}', text, ["deny a.yaml:3 m"]);
  check('deny contains {"msg": "m", "_path": ["spec", "other"]}', text, ["deny a.yaml:2 m"]);
  check('deny contains {"msg": "m", "_loc": {"file": "b.tf", "line": 9}}', text, ["deny b.tf:9 m"]);
  check('deny contains {"msg": "m", "_loc": {"line": -1}}', text, ["deny a.yaml:1 m"]);
  const [found] = run('deny contains {"msg": "m", "_path": [], "id": 7}', text).failures;
  assert.equal(writeJson(found?.metadata ?? null), '{"id":7}');
});

test("what says no place is where its rule looked last in the input, if only that rule held", () => {
  const text = "kind: Pod\nspec:\n  user: root\n  list:\n    - name: a\n";
  check('deny contains "m" if input.spec.user == "root"', text, ["deny a.yaml:3 m"]);
  check('deny contains "m" if { input.kind == "Pod"; not input.spec.limits.cpu }', text, ["deny a.yaml:2 m"]);
  check('deny contains msg if { input.spec.list[_].name == "a"; msg := sprintf("%s", [input.kind]) }', text, [
    "deny a.yaml:4 Pod",
  ]);
  check('deny contains {"msg": msg} if { some one in input.spec.list; one.name; msg := "m" }', text, [
    "deny a.yaml:4 m",
  ]);
  check(
    'deny contains "m" if input.kind == "Job"\ndeny contains "n" if input.spec.user',
    text,
    ["deny a.yaml:3 n"],
    1,
  );
  check('deny contains "m" if input.kind\ndeny contains "n" if input.spec.user', text, [
    "deny a.yaml:1 m",
    "deny a.yaml:1 n",
  ]);
  check('deny contains "m" if helper\nhelper if input.spec.user', text, ["deny a.yaml:1 m"]);
});

test("exceptions keep rules from complaining", () => {
  const rules = 'deny contains "a"\ndeny_b contains "b"\n';
  check(`${rules}exception contains rules if { input.x == 1; rules := ["b"] }`, "x: 1", [
    "deny a.yaml:1 a",
    'data.main.exception[_][_] == "b"',
  ]);
  check(`${rules}exception contains rules if { input.x == 1; rules := ["b"] }`, "x: 2", [
    "deny a.yaml:1 a",
    "deny_b a.yaml:1 b",
  ]);
  check(`${rules}exception contains [""]`, "x: 1", ["deny_b a.yaml:1 b", 'data.main.exception[_][_] == ""']);
});

test("what says nothing that can be read is not passed over", () => {
  for (const [rules, reason] of [
    ["deny := true", /deny is no set of messages/],
    ["deny if input.x", /deny is no set of messages/],
    ["warn := {}", /warn is no set of messages/],
    ["deny contains 1", /neither a text nor an object/],
    ['deny contains {"message": "m"}', /neither a text nor an object/],
    ["deny := 1 if true\ndeny := 2 if true", /eval_conflict_error/],
  ] as const) {
    assert.throws(() => run(rules, "x: 1"), reason, rules);
  }
  assert.throws(
    () => checker("p := 1"),
    (error) => error instanceof ConftestFault && error.code === "conftest/policy",
  );
  assert.throws(() => checker('deny contains "x"', "other"), /no rule of the namespace other/);
});

test("files can be checked at once; a path into the input leads to the line in its file", () => {
  const files = ["a.yaml", "b.yaml"].map((path, i) => ({
    path,
    parsed: getFormat("yaml").parse(`k: ${i}\n---\nx:\n  z: ${i}\n`),
  }));
  const rules = `deny contains {"msg": file.path, "_path": [i, "contents", "x", "z"]} if {
    some i, file in input
    file.contents.x.z == 1
  }`;
  const result = checker(rules).checkCombined(files, {});
  assert.deepEqual(result.failures.map(shown), ["deny b.yaml:4 b.yaml"]);
});

describe("reports", () => {
  const rules =
    'deny contains {"msg": "a <b>", "_path": ["x"], "id": 7} if input.x\nwarn contains "line\\n::error::c" if input.x';
  const found = (): readonly CheckResult[] => [run(rules, "y: 1\nx: 2\n"), run(rules, "y: 1\n")];
  const report = (output: Output): string => checkReport(found(), output);

  test("for people, as conftest prints it", () => {
    assert.equal(
      report("stdout"),
      `WARN - a.yaml - main - line
::error::c
FAIL - a.yaml - main - a <b>

4 tests, 2 passed, 1 warning, 1 failure, 0 exceptions
`,
    );
  });

  test("SARIF has rules, levels and places", () => {
    const sarif = JSON.parse(report("sarif")) as {
      runs: { results: unknown[]; tool: { driver: { rules: unknown[] } } }[];
    };
    const [first] = sarif.runs;
    assert.deepEqual(first?.tool.driver.rules, [
      {
        id: "main/deny",
        shortDescription: { text: "the rule data.main.deny" },
        defaultConfiguration: { level: "error" },
      },
      {
        id: "main/warn",
        shortDescription: { text: "the rule data.main.warn" },
        defaultConfiguration: { level: "warning" },
      },
    ]);
    assert.deepEqual(first?.results[0], {
      ruleId: "main/deny",
      ruleIndex: 0,
      level: "error",
      message: { text: "a <b>" },
      locations: [{ physicalLocation: { artifactLocation: { uri: "a.yaml" }, region: { startLine: 2 } } }],
      properties: { id: 7 },
    });
  });

  test("what a message says ends no command of GitHub's and no element of XML", () => {
    assert.match(report("github"), /^::error file=a\.yaml,line=2::a <b>$/m);
    assert.match(report("github"), /^::warning file=a\.yaml,line=2::line%0A::error::c$/m);
    assert.match(report("junit"), /<failure message="a &lt;b&gt;" type="deny">a\.yaml:2<\/failure>/);
    assert.match(report("junit"), /message="line&#xA;::error::c"/);
  });

  test("TAP counts every test, JSON names every file", () => {
    assert.equal(
      report("tap"),
      `1..2
not ok 1 - a.yaml - main - a <b>
not ok 2 - a.yaml - main - line ::error::c
1..2
ok 1 - a.yaml - main - SUCCESS
ok 2 - a.yaml - main - SUCCESS
`,
    );
    const [first] = JSON.parse(report("json")) as {
      filename: string;
      failures: Record<string, RegoValue>[];
    }[];
    assert.deepEqual(first?.failures, [
      { msg: "a <b>", rule: "deny", loc: { file: "a.yaml", line: 2 }, metadata: { id: 7 } },
    ]);
  });
});
