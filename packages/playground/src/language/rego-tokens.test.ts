import assert from "node:assert/strict";
import { test } from "node:test";

import { StringStream } from "@codemirror/language";

import { readToken } from "./rego-tokens.ts";

/** The tokens of a text that have a look, as `text kind`. */
function check(text: string, expected: readonly string[]): void {
  const state = { isInRawString: false };
  const found: string[] = [];
  for (const line of text.split("\n")) {
    const stream = new StringStream(line, 2, 2);
    while (!stream.eol()) {
      stream.start = stream.pos;
      const kind = readToken(stream, state);
      assert.ok(stream.pos > stream.start, `stands still at ${stream.start} of ${line}`);
      if (kind !== null) found.push(`${stream.current()} ${kind}`);
    }
  }
  assert.deepEqual(found, expected, text);
}

test("tells keywords, rules, names and members apart", () => {
  check("allow if not input.user.in", [
    "allow variableName.definition",
    "if keyword",
    "not keyword",
    "input variableName.special",
    "user propertyName",
    "in propertyName",
  ]);
  check("package a", ["package keyword", "a variableName"]);
});

test("tells calls from other names", () => {
  check(" count(x)", ["count variableName.function", "( bracket", "x variableName", ") bracket"]);
  check(" time.now_ns()", [
    "time variableName.function",
    "now_ns variableName.function",
    "( bracket",
    ") bracket",
  ]);
});

test("reads strings of each kind, over lines too", () => {
  check(' "a \\" # b" # c', ['"a \\" # b" string', "# c comment"]);
  check(" `a\nb` == 1", ["`a string", "b` string", "== operator", "1 number"]);
  check(' $"{x}" $`y`', ['$"{x}" string', "$`y` string"]);
  check(' "open', ['"open string']);
});

test("reads numbers, atoms and operators", () => {
  check(" x := -1.5e3", ["x variableName", ":= operator", "-1.5e3 number"]);
  check(" true != null", ["true atom", "!= operator", "null atom"]);
});
