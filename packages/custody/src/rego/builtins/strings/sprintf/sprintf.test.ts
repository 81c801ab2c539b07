import { test } from "node:test";

import { termChecker } from "../../terms.testing.ts";
import { stringBuiltins } from "../index.ts";

const check = termChecker(stringBuiltins);

test("values print under %v and %s", () => {
  check(
    'sprintf("%v %v %v %v %v %v %v", [1, "a", null, true, [1, "b"], {"k": {1}}, set()])',
    '"1 a null true [1, \\"b\\"] {\\"k\\": {1}} set()"',
  );
  check('sprintf("%s", ["a"])', '"a"');
  check('sprintf("%5s|", ["a"])', '"    a|"');
  check('sprintf("%-5s|", ["a"])', '"a    |"');
  check('sprintf("%05s|", ["a"])', '"0000a|"');
  check('sprintf("%.1s|", ["a"])', '"a|"');
  check('sprintf("%q", ["a"])', '"\\"a\\""');
  check('sprintf("%+q", ["a"])', '"\\"a\\""');
  check('sprintf("%#q", ["a"])', '"`a`"');
  check('sprintf("%x", ["a"])', '"61"');
  check('sprintf("%X", ["a"])', '"61"');
  check('sprintf("% x", ["a"])', '"61"');
  check('sprintf("%# x", ["a"])', '"0x61"');
  check('sprintf("%#v", ["a"])', '"\\"a\\""');
  check('sprintf("%T", ["a"])', '"string"');
  check('sprintf("%q", ["é😀`"])', '"\\"é😀`\\""');
  check('sprintf("%+q", ["é😀`"])', '"\\"\\\\u00e9\\\\U0001f600`\\""');
  check('sprintf("%#q", ["é😀`"])', '"\\"é😀`\\""');
  check('sprintf("%x", ["é😀`"])', '"c3a9f09f988060"');
  check('sprintf("%.2s", ["é😀`"])', '"é😀"');
  check('sprintf("%4.1s|", ["é😀`"])', '"   é|"');
});

test("integers print in every base", () => {
  check('sprintf("%d", [42])', '"42"');
  check('sprintf("%5d|", [42])', '"   42|"');
  check('sprintf("%-5d|", [42])', '"42   |"');
  check('sprintf("%05d", [42])', '"00042"');
  check('sprintf("%+d", [42])', '"+42"');
  check('sprintf("% d", [42])', '" 42"');
  check('sprintf("%.4d", [42])', '"0042"');
  check('sprintf("%8.4d|", [42])', '"    0042|"');
  check('sprintf("%b", [42])', '"101010"');
  check('sprintf("%o", [42])', '"52"');
  check('sprintf("%O", [42])', '"0o52"');
  check('sprintf("%x", [42])', '"2a"');
  check('sprintf("%X", [42])', '"2A"');
  check('sprintf("%#x", [42])', '"0x2a"');
  check('sprintf("%#o", [42])', '"052"');
  check('sprintf("%#b", [42])', '"0b101010"');
  check('sprintf("%c", [42])', '"*"');
  check('sprintf("%q", [42])', "\"'*'\"");
  check('sprintf("%U", [42])', '"U+002A"');
  check('sprintf("%#U", [42])', "\"U+002A '*'\"");
  check('sprintf("%v", [42])', '"42"');
  check('sprintf("%+v", [42])', '"42"');
  check('sprintf("%T", [42])', '"int64"');
  check('sprintf("%08.3d|", [42])', '"     042|"');
  check('sprintf("%+06d", [42])', '"+00042"');
});

test("negative and large integers print whole", () => {
  check('sprintf("%d", [-42])', '"-42"');
  check('sprintf("%05d", [-42])', '"-0042"');
  check('sprintf("%x", [-42])', '"-2a"');
  check('sprintf("%U", [-42])', '"U+FFFFFFFFFFFFFFD6"');
  check('sprintf("%c", [-42])', '"�"');
  check('sprintf("%.0d", [-42])', '"-42"');
  check('sprintf("%.0d|", [0])', '"|"');
  check('sprintf("%3.0d|", [0])', '"   |"');
  check('sprintf("%#o", [0])', '"0"');
  check('sprintf("%d", [9223372036854775807])', '"9223372036854775807"');
  check('sprintf("%x", [9223372036854775807])', '"7fffffffffffffff"');
  check('sprintf("%d", [123456789012345678901234567890])', '"123456789012345678901234567890"');
  check('sprintf("%v", [123456789012345678901234567890])', '"123456789012345678901234567890"');
  check('sprintf("%s", [123456789012345678901234567890])', '"123456789012345678901234567890"');
  check('sprintf("%x", [123456789012345678901234567890])', '"18ee90ff6c373e0ee4e3f0ad2"');
  check('sprintf("%#X", [123456789012345678901234567890])', '"0X18EE90FF6C373E0EE4E3F0AD2"');
  check('sprintf("%40d|", [123456789012345678901234567890])', '"          123456789012345678901234567890|"');
  check('sprintf("%-40d|", [123456789012345678901234567890])', '"123456789012345678901234567890          |"');
  check('sprintf("%040d", [123456789012345678901234567890])', '"0000000000123456789012345678901234567890"');
  check('sprintf("%+d", [123456789012345678901234567890])', '"+123456789012345678901234567890"');
  check('sprintf("%+v", [123456789012345678901234567890])', '"+123456789012345678901234567890"');
  check('sprintf("%.40d", [123456789012345678901234567890])', '"0000000000123456789012345678901234567890"');
  check('sprintf("%o", [123456789012345678901234567890])', '"143564417755415637016711617605322"');
  check('sprintf("%O", [123456789012345678901234567890])', '"0o143564417755415637016711617605322"');
  check(
    'sprintf("%b", [123456789012345678901234567890])',
    '"1100011101110100100001111111101101100001101110011111000001110111001001110001111110000101011010010"',
  );
  check('sprintf("%f", [123456789012345678901234567890])', '"%!f(big.Int=123456789012345678901234567890)"');
  check('sprintf("%T", [123456789012345678901234567890])', '"*big.Int"');
});

test("floats print in every notation", () => {
  check('sprintf("%v", [3.25])', '"3.25"');
  check('sprintf("%f", [3.25])', '"3.250000"');
  check('sprintf("%.1f", [3.25])', '"3.2"');
  check('sprintf("%8.2f|", [3.25])', '"    3.25|"');
  check('sprintf("%-8.2f|", [3.25])', '"3.25    |"');
  check('sprintf("%08.2f", [3.25])', '"00003.25"');
  check('sprintf("%+.1f", [3.25])', '"+3.2"');
  check('sprintf("% f", [3.25])', '" 3.250000"');
  check('sprintf("%e", [3.25])', '"3.250000e+00"');
  check('sprintf("%E", [3.25])', '"3.250000E+00"');
  check('sprintf("%.2e", [3.25])', '"3.25e+00"');
  check('sprintf("%g", [3.25])', '"3.25"');
  check('sprintf("%G", [3.25])', '"3.25"');
  check('sprintf("%.2g", [3.25])', '"3.2"');
  check('sprintf("%b", [3.25])', '"7318349394477056p-51"');
  check('sprintf("%x", [3.25])', '"0x1.ap+01"');
  check('sprintf("%X", [3.25])', '"0X1.AP+01"');
  check('sprintf("%.1x", [3.25])', '"0x1.ap+01"');
  check('sprintf("%#g", [3.25])', '"3.25000"');
  check('sprintf("%#.0f", [3.25])', '"3."');
  check('sprintf("%#x", [3.25])', '"0x1.a000p+01"');
  check('sprintf("%d", [3.25])', '"%!d(float64=3.25)"');
  check('sprintf("%s", [3.25])', '"%!s(float64=3.25)"');
  check('sprintf("%T", [3.25])', '"float64"');
  check('sprintf("%v", [1234567.5])', '"1.2345675e+06"');
  check('sprintf("%f", [1234567.5])', '"1234567.500000"');
  check('sprintf("%g", [1234567.5])', '"1.2345675e+06"');
  check('sprintf("%.3g", [1234567.5])', '"1.23e+06"');
  check('sprintf("%.10g", [1234567.5])', '"1234567.5"');
  check('sprintf("%e", [1234567.5])', '"1.234568e+06"');
  check('sprintf("%#v", [1234567.5])', '"1.2345675e+06"');
  check('sprintf("%.1f", [0.25])', '"0.2"');
  check('sprintf("%.1e", [0.25])', '"2.5e-01"');
  check('sprintf("%.0f", [0.25])', '"0"');
  check('sprintf("%.1f", [0.75])', '"0.8"');
  check('sprintf("%.0f", [0.75])', '"1"');
  check('sprintf("%v", [-0.00001234])', '"-1.234e-05"');
  check('sprintf("%f", [-0.00001234])', '"-0.000012"');
  check('sprintf("%.8f", [-0.00001234])', '"-0.00001234"');
  check('sprintf("%012.3e", [-0.00001234])', '"-001.234e-05"');
  check('sprintf("%v", [-0.0])', '"-0"');
  check('sprintf("%.2g", [-0.0])', '"-0"');
  check('sprintf("%x", [-0.0])', '"-0x0p+00"');
  check('sprintf("%+f", [-0.0])', '"-0.000000"');
  check('sprintf("%v", [100.0])', '"100"');
  check('sprintf("%g", [100.0])', '"100"');
  check('sprintf("%.1e", [100.0])', '"1.0e+02"');
  check('sprintf("%#g", [100.0])', '"100.000"');
});

test("numbers that are neither stay texts", () => {
  check('sprintf("%v", [1e3])', '"1e3"');
  check('sprintf("%d", [1e3])', '"%!d(string=1e3)"');
  check('sprintf("%s", [1e3])', '"1e3"');
  check('sprintf("%f", [1e3])', '"%!f(string=1e3)"');
});

test("indices and stars choose arguments", () => {
  check('sprintf("%[2]d %[1]d", [1, 2])', '"2 1"');
  check('sprintf("%[1]d %d %[1]d", [1, 2])', '"1 2 1"');
  check('sprintf("%*d|", [5, 42])', '"   42|"');
  check('sprintf("%-*d|", [5, 42])', '"42   |"');
  check('sprintf("%*d|", [-5, 42])', '"42   |"');
  check('sprintf("%.*f", [2, 3.14159])', '"3.14"');
  check('sprintf("%[2]*[1]d|", [42, 6])', '"    42|"');
  check('sprintf("%[3]d", [1])', '"%!d(BADINDEX)"');
  check('sprintf("%[x]d", [1])', '"%!d(BADINDEX)"');
  check('sprintf("%[1", [1])', '"%!(NOVERB)"');
  check('sprintf("%[1]2d", [1])', '"%!d(BADINDEX)"');
  check('sprintf("%*d", ["a", 1])', '"%!(BADWIDTH)1"');
  check('sprintf("%.*f", ["a", 1.5])', '"%!(BADPREC)1.500000"');
});

test("what is amiss is told in the text", () => {
  check('sprintf("%d", [])', '"%!d(MISSING)"');
  check('sprintf("%d %d", [1])', '"1 %!d(MISSING)"');
  check('sprintf("x", [1, "a", 1.5])', '"x%!(EXTRA int64=1, string=a, float64=1.5)"');
  check('sprintf("%", [])', '"%!(NOVERB)"');
  check('sprintf("%5", [1])', '"%!(NOVERB)%!(EXTRA int64=1)"');
  check('sprintf("%z", [1])', '"%!z(int64=1)"');
  check('sprintf("%!", ["a"])', '"%!!(string=a)"');
  check('sprintf("%é", [1])', '"%!é(int64=1)"');
  check('sprintf("%d", ["a"])', '"%!d(string=a)"');
  check('sprintf("%s", [1])', '"%!s(int64=1)"');
  check('sprintf("%t", [true])', '"%!t(string=true)"');
  check('sprintf("%d", [true])', '"%!d(string=true)"');
  check('sprintf("%w", ["a"])', '"%!w(string=a)"');
  check('sprintf("%99999999d", [1])', '"%!(NOVERB)%!(EXTRA int64=1)"');
  check('sprintf("100%%", [])', '"100%"');
  check('sprintf("%5%", [])', '"%"');
});

test("other operands are named", () => {
  check("sprintf(1, [])", "eval_type_error: operand 1 must be string but got number");
  check('sprintf("a", 1)', "eval_type_error: operand 2 must be array but got number");
  check('sprintf("a", {1})', "eval_type_error: operand 2 must be array but got set");
});

test("a text that would be too long is refused", () => {
  const format = "%999999d".repeat(100);
  check(
    `sprintf("${format}", [${Array(100).fill(1).join()}])`,
    "eval_builtin_error: the resulting string is too long",
  );
});
