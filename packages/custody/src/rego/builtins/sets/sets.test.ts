import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { setBuiltins } from "./index.ts";

const check = termChecker(setBuiltins);

test("two sets intersect, unite and differ", () => {
  check("and({1, 2, 3}, {2, 3, 4})", "{2, 3}");
  check("and({1}, set())", "set()");
  check("or({1, 2}, {2, 3})", "{1, 2, 3}");
  check("or(set(), set())", "set()");
  check('set_diff({1, [1], "a"}, {[1]})', '{1, "a"}');
});

test("sets of sets come together", () => {
  check("intersection({{1, 2}, {2, 3}})", "{2}");
  check("intersection(set())", "set()");
  check("intersection({{1}})", "{1}");
  check("union({{1, 2}, {2, 3}})", "{1, 2, 3}");
  check("union(set())", "set()");
  check("union({set()})", "set()");
});

test("other operands are named", () => {
  check("and([1], {1})", "eval_type_error: operand 1 must be set but got array");
  check("or({1}, 1)", "eval_type_error: operand 2 must be set but got number");
  check('set_diff({"a": 1}, {1})', "eval_type_error: operand 1 must be set but got object");
  check("union({1, {2}})", "eval_type_error: operand 1 must be set but got number");
  check("intersection({{1}, 2})", "eval_type_error: operand 1 must be set but got number");
  check("union([])", "eval_type_error: operand 1 must be set but got array");
});
