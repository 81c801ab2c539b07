import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { conversionBuiltins } from "./index.ts";

const check = termChecker(conversionBuiltins);

test("scalars become numbers", () => {
  check("to_number(null)", "0");
  check("to_number(true)", "1");
  check("to_number(false)", "0");
  check("to_number(1.50)", "1.50");
  check('to_number("42")', "42");
  check('to_number("-1.5e3")', "-1.5e3");
  check('to_number("0.10")', "0.10");
  check('to_number("9007199254740993")', "9007199254740993");
});

test("what is no number is refused", () => {
  check('to_number("abc")', 'eval_builtin_error: strconv.ParseFloat: parsing "abc": invalid syntax');
  check('to_number("")', 'eval_builtin_error: strconv.ParseFloat: parsing "": invalid syntax');
  check('to_number(" 1")', 'eval_builtin_error: strconv.ParseFloat: parsing " 1": invalid syntax');
  check('to_number("0x10")', 'eval_builtin_error: strconv.ParseFloat: parsing "0x10": invalid syntax');
  check('to_number("1e999")', 'eval_builtin_error: strconv.ParseFloat: parsing "1e999": value out of range');
  check('to_number("-Inf")', "eval_type_error: operand 1 must be valid number string but got string");
  check('to_number("nan")', "eval_type_error: operand 1 must be valid number string but got string");
  check('to_number("1__0")', 'eval_builtin_error: strconv.ParseFloat: parsing "1__0": invalid syntax');
  check(
    "to_number([])",
    "eval_type_error: operand 1 must be one of {null, boolean, number, string} but got array",
  );
});

test("integers print in four bases", () => {
  check("format_int(255, 16)", '"ff"');
  check("format_int(-255, 2)", '"-11111111"');
  check("format_int(8, 8)", '"10"');
  check("format_int(123456789012345678901234567890, 10)", '"123456789012345678901234567890"');
  check("format_int(15.9, 16)", '"f"');
  check("format_int(-15.9, 10)", '"-15"');
  check("format_int(-0.5, 2)", '"0"');
  check("format_int(1, 3)", "eval_type_error: operand 2 must be one of {2, 8, 10, 16}");
  check("format_int(1, 16.0)", "eval_type_error: operand 2 must be one of {2, 8, 10, 16}");
  check('format_int("1", 10)', "eval_type_error: operand 1 must be number but got string");
  check("format_int(1, null)", "eval_type_error: operand 2 must be number but got null");
});

test("texts that Go reads and JSON does not become the number they mean", () => {
  check('to_number("+5")', "5");
  check('to_number("007")', "7");
  check('to_number(".5")', "0.5");
  check('to_number("1.")', "1");
  check('to_number("1_000")', "1000");
  check('to_number("0x1p4")', "16");
  check('to_number("-0x1.8p-1")', "-0.75");
});
