import assert from "node:assert/strict";
import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { internalBuiltins } from "./index.ts";

const check = termChecker(internalBuiltins);

test("members are found by value", () => {
  check("internal.member_2(1, [2, 1.0])", "true");
  check("internal.member_2(1, {2})", "false");
  check('internal.member_2("a", {"b": "a"})', "true");
  check('internal.member_2("b", {"b": "a"})', "false");
  check("internal.member_2(1, 1)", "false");
});

test("entries are found by key and value", () => {
  check('internal.member_3("b", "a", {"b": "a"})', "true");
  check('internal.member_3(0, "a", ["a"])', "true");
  check('internal.member_3("0", "a", ["a"])', "false");
  check("internal.member_3(1, 1, {1})", "true");
  check("internal.member_3(1, 2, {1, 2})", "false");
  check("internal.member_3(1, 1, null)", "false");
});

test("template strings put their parts together", () => {
  check('internal.template_string(["a", 1, {"b"}, set(), null])', '"a1b<undefined>null"');
  check('internal.template_string([{[1, "x"]}])', '"[1, \\"x\\"]"');
  check("internal.template_string([])", '""');
});

test("what is printed goes to the host, a line for each combination of values", () => {
  const lines: string[] = [];
  const print = termChecker(internalBuiltins, { print: (line) => lines.push(line) });
  print('internal.print([{"a", "b"}, {1}, set()])', "true");
  print('print("x", [1])', "true");
  print('trace("note")', "true");
  assert.deepEqual(lines, ["a 1 <undefined>", "b 1 <undefined>", "x [1]", "note"]);
  check('internal.print([{"unheard"}])', "true");
  check('print("unheard")', "true");
  check("trace(1)", "eval_type_error: operand 1 must be string but got number");
  check("internal.test_case([1])", "true");
});

test("a template string with several outputs is a conflict", () => {
  assert.throws(() => check("internal.template_string([{1, 2}])", ""), { code: "rego/conflict" });
  assert.throws(() => check("internal.template_string([[1]])", ""), { code: "rego/internal" });
});
