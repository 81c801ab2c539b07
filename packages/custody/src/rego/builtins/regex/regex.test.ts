import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { regexBuiltins } from "./index.ts";

const check = termChecker(regexBuiltins);

test("patterns match anywhere", () => {
  check('regex.match("b+", "abbc")', "true");
  check('regex.match("^b", "ab")', "false");
  check('regex.match("(?i)HÉ", "hé")', "true");
  check('regex.match("\\\\p{Greek}", "σ")', "true");
  check('regex.match("[[:digit:]]{2}", "a12")', "true");
  check('re_match("a", "b")', "false");
  check('regex.match("^.$", "😀")', "true");
  check('regex.is_valid("a(b)")', "true");
  check('regex.is_valid("a(b")', "false");
  check('regex.is_valid("(?=a)")', "false");
  check("regex.is_valid(1)", "false");
});

test("matches are found side by side", () => {
  check('regex.find_n("a.", "abacad", -1)', '["ab", "ac", "ad"]');
  check('regex.find_n("a.", "abacad", 2)', '["ab", "ac"]');
  check('regex.find_n("a", "b", -1)', "[]");
  check('regex.find_n("a", "aaa", 0)', "[]");
  check('regex.find_n("x*", "axb", -1)', '["", "x", ""]');
  check('regex.find_n("x*", "😀", -1)', '["", ""]');
  check('regex.find_all_string_submatch_n("(a)(b)?", "aab", -1)', '[["a", "a", ""], ["ab", "a", "b"]]');
  check('regex.find_all_string_submatch_n("(?P<x>.)y", "xyzy", 1)', '[["xy", "x"]]');
});

test("matches are replaced, groups in the template", () => {
  check('regex.replace("foo bar", "(\\\\w+) (\\\\w+)", "$2 $1")', '"bar foo"');
  check('regex.replace("aab", "a*", "x")', '"xbx"');
  check('regex.replace("ab", "(?P<n>a)", "${n}$n$$")', '"aa$b"');
  check('regex.replace("ab", "(a)", "$1x ${1}x")', '" axb"');
  check('regex.replace("ab", "a", "$")', '"$b"');
  check('regex.replace("ab", "a", "$5")', '"b"');
  check('regex.replace("foo", "^[a-z]", "F")', '"Foo"');
});

test("texts split between matches", () => {
  check('regex.split("/+", "a//b/c")', '["a", "b", "c"]');
  check('regex.split("", "abc")', '["a", "b", "c"]');
  check('regex.split("x", "")', '[""]');
  check('regex.split("a", "banana")', '["b", "n", "n", ""]');
  check('regex.split("x*", "axbxc")', '["a", "b", "c"]');
});

test("templates hold patterns in delimiters", () => {
  check('regex.template_match("urn:foo:{.*}", "urn:foo:bar", "{", "}")', "true");
  check('regex.template_match("a.b<[0-9]+>", "axb1", "<", ">")', "false");
  check('regex.template_match("a{1}{2}", "a12", "{", "}")', "true");
  check('regex.template_match("{", "a", "{", "}")', 'eval_builtin_error: unbalanced braces in "{"');
  check('regex.template_match("}{", "a", "{", "}")', 'eval_builtin_error: unbalanced braces in "}{"');
  check(
    'regex.template_match("<(>", "a", "<", ">")',
    "eval_builtin_error: error parsing regexp: missing closing ): `^($`",
  );
  check(
    'regex.template_match("a", "a", "", "}")',
    "eval_builtin_error: start delimiter has to be exactly one character long but is 0 long",
  );
  check(
    'regex.template_match("a", "a", "{", "é")',
    "eval_builtin_error: end delimiter has to be exactly one character long but is 1 long",
  );
});

test("two simple patterns may have a text in common", () => {
  check('regex.globs_match("a.a.[0-9]+z", ".b.b2359825792*594823z")', "true");
  check('regex.globs_match("[a-z]+", "[0-9]*")', "false");
  check('regex.globs_match(".*", "x+")', "true");
  check('regex.globs_match("[a-c]d", "bd")', "true");
  check('regex.globs_match("a*", "b*")', "false");
  check('regex.globs_match("a+a*", "a")', "true");
  check('regex.globs_match("\\\\.", ".")', "true");
  check('regex.globs_match("a", "ab")', "false");
  check('regex.globs_match("", "")', "true");
  check('regex.globs_match("pqrs.+", "[a-z]*pqrs")', "true");
});

test("patterns that are none are refused in Go's words", () => {
  check('regex.match("(", "a")', "eval_builtin_error: error parsing regexp: missing closing ): `(`");
  check(
    'regex.match("a**", "a")',
    "eval_builtin_error: error parsing regexp: invalid nested repetition operator: `**`",
  );
  check(
    'regex.match("[z-a]", "a")',
    "eval_builtin_error: error parsing regexp: invalid character class range: `z-a`",
  );
  check(
    'regex.match("\\\\", "a")',
    "eval_builtin_error: error parsing regexp: trailing backslash at end of expression: ``",
  );
  check(
    'regex.match("a{1001}", "a")',
    "eval_builtin_error: error parsing regexp: invalid repeat count: `{1001}`",
  );
  check('regex.split(")", "a")', "eval_builtin_error: error parsing regexp: unexpected ): `)`");
  check(
    'regex.find_n("*", "a", 1)',
    "eval_builtin_error: error parsing regexp: missing argument to repetition operator: `*`",
  );
  check(
    'regex.globs_match("[", "a")',
    "eval_builtin_error: input:[, pos:1, found [ without matching ]: the input provided is invalid",
  );
  check(
    'regex.globs_match("]", "a")',
    "eval_builtin_error: input:], pos:1, set-close ']' with no preceding '[': the input provided is invalid",
  );
  check(
    'regex.globs_match("+", "a")',
    "eval_builtin_error: input:+, pos:1, flag '+' must be preceded by a non-flag: the input provided is invalid",
  );
  check(
    'regex.globs_match("[z-a]", "a")',
    "eval_builtin_error: input:[z-a], pos:4, range is out of order: 'a' comes before 'z' in Unicode: the input provided is invalid",
  );
  check(
    'regex.globs_match("[a-]", "a")',
    "eval_builtin_error: input:[a-], pos:3, range character '-' must be followed by a Unicode character: the input provided is invalid",
  );
  check(
    'regex.globs_match("[-a]", "a")',
    "eval_builtin_error: input:[-a], pos:2, range character '-' must be preceded by a Unicode character: the input provided is invalid",
  );
  check(
    'regex.globs_match("a\\\\", "a")',
    "eval_builtin_error: input:a\\, pos:1, input ends with a \\ (escape) character: the input provided is invalid",
  );
});

test("other operands are named", () => {
  check('regex.match(1, "a")', "eval_type_error: operand 1 must be string but got number");
  check('regex.match("a", 1)', "eval_type_error: operand 2 must be string but got number");
  check(
    'regex.find_n("a", "a", 1.5)',
    "eval_type_error: operand 3 must be integer number but got floating-point number",
  );
  check('regex.replace("a", 1, "b")', "eval_type_error: operand 2 must be string but got number");
  check('regex.split(null, "a")', "eval_type_error: operand 1 must be string but got null");
  check('regex.globs_match("a", 1)', "eval_type_error: operand 2 must be string but got number");
  check('regex.template_match("a", "a", 1, "}")', "eval_type_error: operand 3 must be string but got number");
  check(
    'regex.find_all_string_submatch_n("a", [], 1)',
    "eval_type_error: operand 2 must be string but got array",
  );
});

test("a pattern made to backtrack takes linear time, and two greedy globs bounded time", () => {
  check(`regex.match("(a*)*b", "${"a".repeat(20_000)}")`, "false");
  check(`regex.globs_match("${"a*b+".repeat(60)}c", "${"[ab]+".repeat(60)}d")`, "false");
});
