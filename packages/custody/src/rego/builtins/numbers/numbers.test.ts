import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { numberBuiltins } from "./index.ts";

const check = termChecker(numberBuiltins);

test("integers are exact whatever their size", () => {
  check("plus(1, 2)", "3");
  check("plus(9007199254740991, 2)", "9007199254740993");
  check("plus(123456789012345678901234567890, 1)", "123456789012345678901234567891");
  check("minus(0, 9223372036854775808)", "-9223372036854775808");
  check("mul(9007199254740993, 9007199254740993)", "81129638414606699710187514626049");
  check("mul(-3, 0)", "0");
  check("plus(1e3, 2.0)", "1002");
  check("div(10, 4)", "2.5");
  check("div(9, 3)", "3");
  check("rem(-7, 3)", "-1");
  check("rem(123456789012345678901234567890, 7)", "0");
});

test("fractions are computed in 64 bits and print as Go prints them", () => {
  check("plus(0.1, 0.2)", "0.3");
  check("minus(0.3, 0.1)", "0.20000000000000000002");
  check("mul(1.1, 1.1)", "1.21");
  check("div(1, 3)", "0.33333333333333333334");
  check("div(2, 3)", "0.6666666666666666667");
  check("plus(1234567.25, 0.25)", "1.2345675e+06");
  check("mul(0.00001, 0.1)", "1e-06");
  check("div(0, -5)", "-0");
  check(
    "plus(1e400, 0.5)",
    "10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
  );
  check("minus(0.5, 0.5)", "0");
  check(
    "div(1e300, 1e-300)",
    "1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
  );
  check("div(22, 7)", "3.1428571428571428572");
});

test("division by zero and remainders of fractions are refused", () => {
  check("div(1, 0)", "eval_builtin_error: divide by zero");
  check("div(1, 0.0)", "eval_builtin_error: divide by zero");
  check("rem(1, 0)", "eval_builtin_error: modulo by zero");
  check("rem(5.5, 2)", "eval_builtin_error: modulo on floating-point number");
  check("rem(2, 18446744073709551616)", "eval_builtin_error: modulo by zero");
});

test("operands that are no numbers are named", () => {
  check('plus("a", 1)', "eval_type_error: operand 1 must be number but got string");
  check("plus(1, null)", "eval_type_error: operand 2 must be number but got null");
  check("mul([], 1)", "eval_type_error: operand 1 must be number but got array");
  check("div(1, {})", "eval_type_error: operand 2 must be number but got object");
  check("rem(set(), 1)", "eval_type_error: operand 1 must be number but got set");
  check("rem(1, true)", "eval_type_error: operand 2 must be number but got boolean");
  check("minus(1, {1})", "eval_type_error: operand 2 must be number but got set");
  check("minus({1}, 1)", "eval_type_error: operand 2 must be set but got number");
  check('minus("a", 1)', "eval_type_error: operand 1 must be one of {number, set} but got string");
  check('abs("a")', "eval_type_error: operand 1 must be number but got string");
  check("ceil(null)", "eval_type_error: operand 1 must be number but got null");
});

test("minus takes members out of a set", () => {
  check("minus({1, 2, 3}, {2, 4})", "{1, 3}");
  check("minus({1}, {1})", "set()");
  check("minus(set(), {1})", "set()");
});

test("rounding goes as in OPA, odd cases among them", () => {
  check("round(2.5)", "3");
  check("round(-2.5)", "-3");
  check("round(0.4)", "0");
  check("ceil(1.2)", "2");
  check("ceil(-1.2)", "-1");
  check("ceil(-0.5)", "1");
  check("floor(1.8)", "1");
  check("floor(-1.2)", "-2");
  check("floor(-0.5)", "0");
  check("abs(-7)", "7");
  check("abs(-0.25)", "0.25");
  check("abs(-123456789012345678901234567890)", "123456789012345678900000000000");
  check("round(123456789012345678901234567890)", "123456789012345678899921813504");
  check("ceil(99999999999999999999.5)", "100000000000000000000");
});

test("bits are those of two's complement", () => {
  check("bits.and(12, 10)", "8");
  check("bits.or(12, 10)", "14");
  check("bits.xor(12, 10)", "6");
  check("bits.negate(5)", "-6");
  check("bits.negate(-1)", "0");
  check("bits.and(-1, 123456789012345678901234567890)", "123456789012345678901234567890");
  check("bits.lsh(1, 70)", "1180591620717411303424");
  check("bits.rsh(-5, 1)", "-3");
  check("bits.rsh(1, 9223372036854775807)", "0");
  check("bits.lsh(0, 5)", "0");
  check(
    "bits.and(1.5, 1)",
    "eval_type_error: operand 1 must be integer number but got floating-point number",
  );
  check('bits.or(1, "a")', "eval_type_error: operand 2 must be integer but got string");
  check(
    "bits.lsh(1, -1)",
    "eval_type_error: operand 2 must be an unsigned integer number but got a negative integer",
  );
  check(
    "bits.rsh(1, -1)",
    "eval_type_error: operand 2 must be an unsigned integer number but got a negative integer",
  );
  check("bits.negate(2.0)", "-3");
});

test("ranges include both ends and go either way", () => {
  check("numbers.range(1, 4)", "[1, 2, 3, 4]");
  check("numbers.range(2, -1)", "[2, 1, 0, -1]");
  check("numbers.range(3, 3)", "[3]");
  check(
    "numbers.range(9007199254740990, 9007199254740993)",
    "[9007199254740990, 9007199254740991, 9007199254740992, 9007199254740993]",
  );
  check("numbers.range_step(0, 10, 3)", "[0, 3, 6, 9]");
  check("numbers.range_step(5, 0, 2)", "[5, 3, 1]");
  check("numbers.range_step(1, 1, 7)", "[1]");
  check(
    "numbers.range(1, 3.5)",
    "eval_type_error: operand 2 must be integer number but got floating-point number",
  );
  check('numbers.range("a", 1)', "eval_type_error: operand 1 must be integer but got string");
  check(
    "numbers.range_step(1, 2, 0)",
    "eval_builtin_error: numbers.range_step: step must be a positive integer",
  );
  check(
    "numbers.range_step(1, 2, -1)",
    "eval_builtin_error: numbers.range_step: step must be a positive integer",
  );
  check(
    "numbers.range_step(1, 2, 0.5)",
    "eval_type_error: operand 3 must be integer number but got floating-point number",
  );
});

test("a random integer needs a text and a limit", () => {
  check('rand.intn("a", 0)', "0");
  check(
    'rand.intn("a", 1.5)',
    "eval_type_error: operand 2 must be integer number but got floating-point number",
  );
  check("rand.intn(1, 2)", "eval_type_error: operand 1 must be string but got number");
});

test("a random integer is below its limit, and the same within an evaluation", () => {
  let draws = 0;
  const draw = termChecker(numberBuiltins, { randomBytes: (length) => new Uint8Array(length).fill(++draws) });
  const [first, second] = ["01", "02"].map((byte) => `${BigInt(`0x${byte.repeat(16)}`) % 7n}`);
  draw('rand.intn("x", 7)', first!);
  draw('rand.intn("x", -7)', first!);
  draw('rand.intn("y", 7)', second!);
  check('rand.intn("x", 7)', "eval_builtin_error: randomness is not available");
});

test("what would take too long or too much is refused", () => {
  check("numbers.range(0, 10000000000)", "eval_builtin_error: a range of 10000000001 numbers is too long");
  check("bits.lsh(1, 1000000000)", "eval_builtin_error: integer too large");
  const long = "9".repeat(200_000);
  check(`mul(${long}, ${long})`, "eval_builtin_error: integer too large");
});
