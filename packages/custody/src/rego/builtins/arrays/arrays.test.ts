import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { arrayBuiltins } from "./index.ts";

const check = termChecker(arrayBuiltins);

test("arrays join, flatten and turn round", () => {
  check("array.concat([1], [2, 3])", "[1, 2, 3]");
  check("array.concat([], [])", "[]");
  check("array.flatten([1, [2, [3]], []])", "[1, 2, [3]]");
  check("array.flatten([])", "[]");
  check("array.reverse([1, 2, 3])", "[3, 2, 1]");
  check("array.reverse([])", "[]");
});

test("a slice stays within the array", () => {
  check("array.slice([1, 2, 3, 4], 1, 3)", "[2, 3]");
  check("array.slice([1, 2], -5, 9)", "[1, 2]");
  check("array.slice([1, 2], 2, 1)", "[]");
  check("array.slice([1, 2], 0, 9223372036854775807)", "[1, 2]");
});

test("other operands are named", () => {
  check("array.concat(1, [])", "eval_type_error: operand 1 must be array but got number");
  check("array.concat([], {1})", "eval_type_error: operand 2 must be array but got set");
  check('array.flatten("a")', "eval_type_error: operand 1 must be array but got string");
  check("array.reverse({1})", "eval_type_error: operand 1 must be array but got set");
  check("array.slice({1}, 0, 1)", "eval_type_error: operand 1 must be array but got set");
  check(
    "array.slice([1], 0.5, 1)",
    "eval_type_error: operand 2 must be integer number but got floating-point number",
  );
  check('array.slice([1], 0, "a")', "eval_type_error: operand 3 must be number but got string");
});
