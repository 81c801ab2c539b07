import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { typeBuiltins } from "./index.ts";

const check = termChecker(typeBuiltins);

test("each kind has its test", () => {
  check("is_null(null)", "true");
  check("is_null(0)", "false");
  check("is_boolean(false)", "true");
  check("is_number(1e400)", "true");
  check('is_number("1")', "false");
  check('is_string("")', "true");
  check("is_array([])", "true");
  check("is_array({1})", "false");
  check("is_set(set())", "true");
  check("is_set([])", "false");
  check("is_object({})", "true");
  check("is_object(set())", "false");
});

test("each value has a kind", () => {
  check("type_name(null)", '"null"');
  check("type_name(true)", '"boolean"');
  check("type_name(1.5)", '"number"');
  check('type_name("a")', '"string"');
  check("type_name([])", '"array"');
  check("type_name({})", '"object"');
  check("type_name(set())", '"set"');
});

test("casts insist", () => {
  check("cast_array({2, 1})", "[1, 2]");
  check("cast_array([2, 1])", "[2, 1]");
  check("cast_set([2, 1, 2])", "{1, 2}");
  check("cast_set({1})", "{1}");
  check('cast_string("a")', '"a"');
  check("cast_boolean(true)", "true");
  check("cast_null(null)", "null");
  check('cast_object({"a": 1})', '{"a": 1}');
  check("cast_array(1)", "eval_type_error: operand 1 must be one of {array, set} but got number");
  check('cast_set("a")', "eval_type_error: operand 1 must be one of {array, set} but got string");
  check("cast_string(1)", "eval_type_error: operand 1 must be string but got number");
  check("cast_boolean(null)", "eval_type_error: operand 1 must be boolean but got null");
  check("cast_null(false)", "eval_type_error: operand 1 must be null but got boolean");
  check("cast_object([])", "eval_type_error: operand 1 must be object but got array");
});
