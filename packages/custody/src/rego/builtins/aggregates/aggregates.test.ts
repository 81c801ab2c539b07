import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { aggregateBuiltins } from "./index.ts";

const check = termChecker(aggregateBuiltins);

test("count counts characters, items, members and keys", () => {
  check('count("héé😀")', "4");
  check('count("")', "0");
  check("count([1, [2]])", "2");
  check("count({1, 2})", "2");
  check('count({"a": 1, "__proto__": 2})', "2");
  check("count(set())", "0");
  check("count(1)", "eval_type_error: operand 1 must be one of {array, object, set, string} but got number");
  check("count(null)", "eval_type_error: operand 1 must be one of {array, object, set, string} but got null");
});

test("sum and product are exact for integers", () => {
  check("sum([1, 2, 3])", "6");
  check("sum([])", "0");
  check("sum({1, 2})", "3");
  check("product([2, 3])", "6");
  check("product([])", "1");
  check("sum([9007199254740991, 1, 1])", "9007199254740993");
  check("product([9007199254740993, 9007199254740993])", "81129638414606699710187514626049");
  check("product([0, -5])", "0");
  check("sum([1e3, 2.0])", "1002");
});

test("with a fraction among them, 64 bits count", () => {
  check("sum([0.1, 0.2, 0.3])", "0.6");
  check("product([0.5, 3])", "1.5");
  check("sum({0.5, 1})", "1.5");
  check("sum([123456789012345678901234567890, 0.5])", "123456789012345678900000000000");
});

test("members that are no numbers are named", () => {
  check(
    'sum([1, "a"])',
    "eval_type_error: operand 1 must be array of numbers but got array containing string",
  );
  check(
    "product({1, [2]})",
    "eval_type_error: operand 1 must be set of numbers but got set containing array",
  );
  check('sum("a")', "eval_type_error: operand 1 must be one of {set, array} but got string");
  check("product(1)", "eval_type_error: operand 1 must be one of {set, array} but got number");
});

test("the extremes follow the order of all values", () => {
  check('max([1, "a", null])', '"a"');
  check('min([1, "a", null])', "null");
  check("max({3, 1})", "3");
  check("min({3, 1})", "1");
  check("max([])", "undefined");
  check("min(set())", "undefined");
  check("min({null, 1})", "1");
  check("min({null})", "null");
  check("max({[1], {1}})", "{1}");
  check("max(1)", "eval_type_error: operand 1 must be one of {set, array} but got number");
  check('min({"a": 1})', "eval_type_error: operand 1 must be one of {set, array} but got object");
});

test("sort orders values of every kind", () => {
  check(
    'sort([3, "b", null, [1], {1}, {"a": 1}, true, 1.5])',
    '[null, true, 1.5, 3, "b", [1], {"a": 1}, {1}]',
  );
  check("sort({2, 1})", "[1, 2]");
  check("sort([])", "[]");
  check('sort("ab")', "eval_type_error: operand 1 must be one of {set, array} but got string");
});

test("all and any look for true itself", () => {
  check("all([true, true])", "true");
  check("all([])", "true");
  check("all([true, 1])", "false");
  check("all({true})", "true");
  check("any([false, true])", "true");
  check("any([])", "false");
  check("any({1})", "false");
  check("any({true, 1})", "true");
  check("all(1)", "eval_type_error: operand 1 must be one of {array, set} but got number");
  check('any("a")', "eval_type_error: operand 1 must be one of {array, set} but got string");
});
