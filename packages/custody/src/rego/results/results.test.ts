import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile, parseModules } from "../index.ts";
import type { Answer } from "../index.ts";
import {
  documentLine,
  documentText,
  durationText,
  items,
  members,
  moduleTree,
  prettyText,
  tableText,
  value,
} from "./index.ts";

function answers(query: string): readonly Answer[] {
  return compile([], { builtins: allBuiltins, prints: true }).prepare(query).evaluate(undefined);
}

function check(query: string, text: string): void {
  assert.equal(prettyText(answers(query)), text, query);
}

test("a value that stands alone is JSON, others are a table", () => {
  check("1 + 1", "2\n");
  check("false", "false\n");
  check("false; true", "undefined\n");
  check('{"<": [1, set()]}', '{\n  "\\u003c": [\n    1,\n    []\n  ]\n}\n');
  check("x := 1; x == 1", "┌───┐\n│ x │\n├───┤\n│ 1 │\n└───┘\n");
  check(
    'x := "漢"; count(x)',
    '┌──────┬──────────┐\n│  x   │ count(x) │\n├──────┼──────────┤\n│ "漢" │ 1        │\n└──────┴──────────┘\n',
  );
});

test("only expressions that were written are shown", () => {
  for (const [query, texts] of [
    ["x := [1][_]; y = x + 1", ["x := [1][_]", "y = x + 1"]],
    ["some x in [1]; x > 0", ["some x in [1]", "x > 0"]],
    ["print(input.x); 1", ["print(input.x)", "1"]],
  ] as const) {
    const [answer] = answers(query);
    assert.deepEqual(
      answer?.expressions.map(({ text }) => text),
      texts,
      query,
    );
  }
});

test("documents keep the order of their members, and values have theirs sorted", () => {
  const document = members({ z: 1, a: items([]), v: value({ kind: "value", b: 1 }), none: undefined });
  const text = '{\n  "z": 1,\n  "a": [],\n  "v": {\n    "b": 1,\n    "kind": "value"\n  }\n}';
  assert.equal(documentText(document), text);
  assert.equal(documentLine(document), '{"z":1,"a":[],"v":{"b":1,"kind":"value"}}');
});

test("durations read as Go's", () => {
  for (const [nanoseconds, text] of [
    [0n, "0s"],
    [1n, "1ns"],
    [1500n, "1.5µs"],
    [772_050n, "772.05µs"],
    [2_000_000n, "2ms"],
    [1_500_000_000n, "1.5s"],
    [90_250_000_000n, "1m30.25s"],
    [3_600_000_000_000n, "1h0m0s"],
  ] as const) {
    assert.equal(durationText(nanoseconds), text);
  }
});

test("a table without a header has none", () => {
  assert.equal(
    tableText([["a", "1"]], { alignments: ["left", "right"] }),
    "┌───┬───┐\n│ a │ 1 │\n└───┴───┘\n",
  );
});

test("a module's tree shows every kind of node", () => {
  const text = "package a\np[x] := y if { some x in {1}; not x == 2; y := [z | z := x] }";
  const [module] = parseModules([{ file: "a.rego", text }]);
  const tree = module ? moduleTree(module) : "";
  for (const line of ["  head", "   expr negated index=1", "     call", "    arraycomprehension"]) {
    assert.ok(tree.split("\n").includes(line), `${line}\n${tree}`);
  }
});
