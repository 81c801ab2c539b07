import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { stringBuiltins } from "./index.ts";

const check = termChecker(stringBuiltins);

test("strings come together and apart", () => {
  check('concat(",", ["a", "b"])', '"a,b"');
  check('concat("", {"b", "a"})', '"ab"');
  check('concat(", ", [])', '""');
  check('split("a,b,,c", ",")', '["a", "b", "", "c"]');
  check('split("héé", "")', '["h", "é", "é"]');
  check('split("", ",")', '[""]');
  check('split("", "")', "[]");
  check('split("abc", "x")', '["abc"]');
  check('strings.split_n("a,b,c", ",", 2)', '["a", "b"]');
  check('strings.split_n("a,b,c", ",", 0)', "[]");
  check('strings.split_n("a,b,c", ",", -2)', '["b", "c"]');
  check('strings.split_n("a,b,c", ",", 9)', '["a", "b", "c"]');
  check('strings.split_n("a,b,c", ",", -9)', '["a", "b", "c"]');
});

test("offsets and lengths count characters", () => {
  check('substring("h😀llo", 1, 2)', '"😀l"');
  check('substring("abc", 1, -1)', '"bc"');
  check('substring("abc", 5, 1)', '""');
  check('substring("", 0, 5)', '""');
  check('substring("abc", 0, 99)', '"abc"');
  check('indexof("😀😀b", "b")', "2");
  check('indexof("abc", "x")', "-1");
  check('indexof_n("aaaa", "aa")', "[0, 1, 2]");
  check('indexof_n("😀b😀b", "b")', "[1, 3]");
  check('indexof_n("abc", "x")', "[]");
  check('strings.reverse("a😀b")', '"b😀a"');
});

test("strings are searched", () => {
  check('contains("abc", "bc")', "true");
  check('contains("abc", "")', "true");
  check('startswith("abc", "ab")', "true");
  check('startswith("abc", "bc")', "false");
  check('endswith("abc", "bc")', "true");
  check('endswith("abc", "")', "true");
  check('strings.count("cheese", "e")', "3");
  check('strings.count("aaa", "aa")', "1");
  check('strings.count("h😀", "")', "3");
  check('strings.any_prefix_match(["abc", "xyz"], {"x", "q"})', "true");
  check('strings.any_prefix_match("abc", ["b"])', "false");
  check('strings.any_prefix_match(["a"], [])', "false");
  check('strings.any_suffix_match({"abc", "xyz"}, "yz")', "true");
  check('strings.any_suffix_match(["a", "b"], ["c", "ab"])', "false");
});

test("ends are cut off", () => {
  check('trim("xxaxbxx", "x")', '"axb"');
  check('trim("😀a😀", "😀")', '"a"');
  check('trim("abc", "")', '"abc"');
  check('trim_left("xyxa", "xy")', '"a"');
  check('trim_right("axyx", "xy")', '"a"');
  check('trim_right("a😀😀", "😀")', '"a"');
  check('trim_prefix("aab", "a")', '"ab"');
  check('trim_prefix("b", "a")', '"b"');
  check('trim_suffix("abb", "b")', '"ab"');
  check('trim_suffix("a", "b")', '"a"');
  check('trim_space(" \\t a b\\u0085\\u00a0")', '"a b"');
  check('trim_space("\\ufeffa")', '"\\ufeffa"');
});

test("cases change character by character", () => {
  check('lower("ÀΣ İ")', '"àσ i"');
  check('upper("straße ᾳ ŉ")', '"STRAßE ᾼ ŉ"');
  check('lower("ABC")', '"abc"');
  check('upper("abc1")', '"ABC1"');
  check('upper("ǆ😀")', '"Ǆ😀"');
});

test("replacements do not meet each other", () => {
  check('replace("aXbX", "X", "$&")', '"a$&b$&"');
  check('replace("abc", "", "-")', '"-a-b-c-"');
  check('replace("aaa", "aa", "b")', '"ba"');
  check('replace("abc", "x", "y")', '"abc"');
  check('strings.replace_n({"a": "b", "b": "c"}, "ab")', '"bc"');
  check('strings.replace_n({"": "-", "b": "B"}, "ab")', '"-a-B-"');
  check('strings.replace_n({"aa": "1", "a": "2"}, "aaa")', '"222"');
  check('strings.replace_n({}, "a")', '"a"');
});

test("other operands are named", () => {
  check("concat(1, [])", "eval_type_error: operand 1 must be string but got number");
  check('concat(",", "a")', "eval_type_error: operand 2 must be one of {set, array} but got string");
  check(
    'concat(",", [1, "a"])',
    "eval_type_error: operand 2 must be array of strings but got array containing number",
  );
  check(
    'concat(",", {1})',
    "eval_type_error: operand 2 must be set of strings but got set containing number",
  );
  check('split(1, ",")', "eval_type_error: operand 1 must be string but got number");
  check('split("a", 1)', "eval_type_error: operand 2 must be string but got number");
  check(
    'strings.split_n("a", ",", 1.5)',
    "eval_type_error: operand 3 must be integer number but got floating-point number",
  );
  check('substring("a", -1, 1)', "eval_builtin_error: negative offset");
  check(
    'substring("a", 0.5, 1)',
    "eval_type_error: operand 2 must be integer number but got floating-point number",
  );
  check('substring("a", 0, "b")', "eval_type_error: operand 3 must be number but got string");
  check('indexof("a", "")', "eval_builtin_error: empty search character");
  check('indexof_n("a", "")', "eval_builtin_error: empty search character");
  check('indexof(1, "a")', "eval_type_error: operand 1 must be string but got number");
  check('contains("a", 1)', "eval_type_error: operand 2 must be string but got number");
  check('strings.count(1, "a")', "eval_type_error: operand 1 must be string but got number");
  check(
    'strings.any_prefix_match(1, "a")',
    "eval_type_error: operand 1 must be one of {string, set, array} but got number",
  );
  check(
    'strings.any_prefix_match([1], "a")',
    "eval_type_error: operand 1 must be array of strings but got array containing number",
  );
  check(
    'strings.any_suffix_match("a", {2})',
    "eval_type_error: operand 2 must be set of strings but got set containing number",
  );
  check('trim(1, "a")', "eval_type_error: operand 1 must be string but got number");
  check("trim_space(1)", "eval_type_error: operand 1 must be string but got number");
  check("lower(null)", "eval_type_error: operand 1 must be string but got null");
  check("upper(1)", "eval_type_error: operand 1 must be string but got number");
  check("strings.reverse([])", "eval_type_error: operand 1 must be string but got array");
  check('replace("a", "b", 1)', "eval_type_error: operand 3 must be string but got number");
  check(
    'strings.replace_n({1: "a"}, "a")',
    "eval_type_error: operand 1 non-string key found in pattern object",
  );
  check(
    'strings.replace_n({"a": 1}, "a")',
    "eval_type_error: operand 1 non-string value found in pattern object",
  );
  check('strings.replace_n([], "a")', "eval_type_error: operand 1 must be object but got array");
  check("strings.replace_n({}, 1)", "eval_type_error: operand 2 must be string but got number");
});

test("an empty string is replaced between bytes, and what that breaks stays broken", () => {
  check('replace("é", "", "-")', '"-\\xc3-\\xa9-"');
});

test("a result that would be too long is refused", () => {
  const long = "a".repeat(100_000);
  check(`replace("${long}", "a", "${long}")`, "eval_builtin_error: the resulting string is too long");
});
