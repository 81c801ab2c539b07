import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { comparisonBuiltins } from "./index.ts";

const check = termChecker(comparisonBuiltins);

test("values are equal by what they are", () => {
  check("equal(1, 1.0)", "true");
  check("equal([1], {1})", "false");
  check("equal({1, 2}, {2, 1})", "true");
  check('equal({"a": 1}, {"a": 1.0})', "true");
  check('neq("a", "b")', "true");
  check("neq(null, null)", "false");
});

test("values of any kind have an order", () => {
  check("lt(null, false)", "true");
  check("lt(1, 2)", "true");
  check("lte(2, 2)", "true");
  check('gt("a", 1)', "true");
  check("gte([1], [1, 2])", "false");
  check("gt({1}, {})", "true");
  check('lt("\\uffff", "😀")', "true");
  check("lt([1, 2], [1, 3])", "true");
});

test("unification of ground values compares them", () => {
  check("eq(1, 1.0)", "true");
  check("eq([1], [2])", "false");
});
