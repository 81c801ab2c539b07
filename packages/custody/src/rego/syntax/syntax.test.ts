import assert from "node:assert/strict";
import { test } from "node:test";

import { moduleJson, parseModule, parseQuery, RegoDiagnostics } from "./index.ts";
import { writeJson } from "../values/index.ts";

function refusal(text: string, version: "v0" | "v1" = "v1"): string {
  try {
    parseModule({ file: "m.rego", text }, { version });
  } catch (error) {
    if (error instanceof RegoDiagnostics) return error.message;
    throw error;
  }
  return "accepted";
}

/** Texts that are no module, and what OPA 1.19 says of them. */
const refused: readonly [text: string, message: string][] = [
  ["", "m.rego:1: rego_parse_error: empty module"],
  ["p := 1", "m.rego:1: rego_parse_error: package expected\n\tp := 1\n\t^"],
  ["package 1", "m.rego:1: rego_parse_error: unexpected number token\n\tpackage 1\n\t        ^"],
  ["package p\nallow { true }", "m.rego:2: rego_parse_error: `if` keyword is required before rule body"],
  ["package p\np[1]", "m.rego:2: rego_parse_error: `contains` keyword is required for partial set rules"],
  ["package p\np if {\n\ty := x +\n}", "m.rego:4: rego_parse_error: unexpected } token\n\t}\n\t^"],
  ['package p\nx := "a\\q"', 'm.rego:2: rego_parse_error: illegal escape sequence\n\tx := "a\\q"\n\t     ^'],
  ['package p\nx := "a', 'm.rego:2: rego_parse_error: non-terminated string\n\tx := "a\n\t     ^'],
  [
    "package p\nx := 01",
    "m.rego:2: rego_parse_error: unexpected number token: expected number without leading zero\n\tx := 01\n\t     ^",
  ],
  ["package p\nx := 1e999999", "m.rego:2: rego_parse_error: number too big\n\tx := 1e999999\n\t     ^"],
  [
    "package p\np if { x = 1 y = 2 }",
    "m.rego:2: rego_parse_error: unexpected identifier token: expected \\n or ; or }\n\tp if { x = 1 y = 2 }\n\t             ^",
  ],
  [
    "package p\ndefault p := input.x",
    "m.rego:2: rego_parse_error: illegal default rule (value cannot contain ref)\n\tdefault p := input.x\n\t^",
  ],
  [
    "package p\np contains 1 if { 1 } else := 2",
    "m.rego:2: rego_parse_error: else keyword cannot be used on multi-value rules\n\tp contains 1 if { 1 } else := 2\n\t                      ^",
  ],
  [
    "package p\nimport foo.bar",
    "m.rego:2: rego_parse_error: unexpected import path, must begin with one of: {data, future, input, rego}, got: foo (hint: if this is unexpected, try updating OPA)\n\timport foo.bar\n\t       ^",
  ],
  ["package p\nevery := 1", "m.rego:2: rego_parse_error: unexpected assign token\n\tevery := 1\n\t      ^"],
  ["package p\nx := a\0b", "m.rego:2: rego_parse_error: illegal null character\n\tx := a\0b\n\t      ^"],
];

test("what is no module is refused with file, row, column and a caret", () => {
  for (const [text, message] of refused) assert.equal(refusal(text), message, text);
});

test("v0 is v0, and rego.v1 makes it stricter", () => {
  assert.equal(refusal("package p\nallow { true }\np[x] { x = 1 }", "v0"), "accepted");
  assert.match(refusal("package p\nimport rego.v1\nallow { true }", "v0"), /`if` keyword is required/);
  assert.match(refusal("package p\nallow if true", "v0"), /var cannot be used for rule name/);
  assert.equal(refusal('package p\nx := $"{input.a}"'), "accepted");
  const template = /template strings are not supported by current capabilities/;
  assert.match(refusal('package p\nx = y { y := $"{input.a}" }', "v0"), template);
  assert.match(refusal('package p\nimport rego.v1\nx := $"{input.a}"', "v0"), template);
  assert.equal(refusal("package p\nimport future.keywords.if\nallow if true", "v0"), "accepted");
});

test("nesting has a limit, however it is nested", () => {
  for (const [open, close] of [
    ["[", "]"],
    ["(", ")"],
    ["{1|", "}"],
    ["{1:", "}"],
    ["f(", ")"],
    ["x[", "]"],
  ] as const) {
    const text = `package p\nx := ${open.repeat(100_000)}1${close.repeat(100_000)}`;
    assert.match(refusal(text), /max parsing recursion depth exceeded/, open);
  }
  assert.match(refusal(`package p\n${"x := 1\n".repeat(2_000_000)}`), /larger than/);
});

test("what is ambiguous is not read again and again", () => {
  const depth = 100;
  const text = `package p\nx := ${"{a | ".repeat(depth)}b, c${"}, d".repeat(depth - 1)}}`;
  const start = performance.now();
  assert.equal(refusal(text), "accepted");
  assert.ok(performance.now() - start < 5000);
});

test("a query is one or more expressions", () => {
  assert.equal(parseQuery("data.p.x = y; y > 1\nz := 2").length, 3);
  for (const text of ["", "x :=", "x y"]) assert.throws(() => parseQuery(text), RegoDiagnostics, text);
});

test("a module shows as OPA shows it", () => {
  const text =
    'package a.b\nimport data.c as d\nf(x, _) := {x: [1, "s"]} if not d[x]\nq contains {2, 1} if every y in [1] { y > null }';
  const shown = writeJson(moduleJson(parseModule({ file: "m.rego", text })));
  assert.equal(
    shown,
    '{"imports":[{"alias":"d","path":{"type":"ref","value":[{"type":"var","value":"data"},{"type":"string","value":"c"}]}}],"package":{"path":[{"type":"var","value":"data"},{"type":"string","value":"a"},{"type":"string","value":"b"}]},"rules":[{"body":[{"index":0,"negated":true,"terms":{"type":"ref","value":[{"type":"var","value":"d"},{"type":"var","value":"x"}]}}],"head":{"args":[{"type":"var","value":"x"},{"type":"var","value":"$0"}],"assign":true,"name":"f","ref":[{"type":"var","value":"f"}],"value":{"type":"object","value":[[{"type":"var","value":"x"},{"type":"array","value":[{"type":"number","value":1},{"type":"string","value":"s"}]}]]}}},{"body":[{"index":0,"terms":{"body":[{"index":0,"terms":[{"type":"ref","value":[{"type":"var","value":"gt"}]},{"type":"var","value":"y"},{"type":"null","value":{}}]}],"domain":{"type":"array","value":[{"type":"number","value":1}]},"key":null,"value":{"type":"var","value":"y"}}}],"head":{"key":{"type":"set","value":[{"type":"number","value":1},{"type":"number","value":2}]},"name":"q","ref":[{"type":"var","value":"q"}]}}]}',
  );
});
