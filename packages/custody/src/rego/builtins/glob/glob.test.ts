import { test } from "node:test";

import { termChecker } from "../terms.testing.ts";
import { globBuiltins } from "./index.ts";

const check = termChecker(globBuiltins);

test("stars stop at separators, two stars do not", () => {
  check('glob.match("*.com", [], "example.com")', "true");
  check('glob.match("*.com", ["."], "a.b.com")', "false");
  check('glob.match("**.com", ["."], "a.b.com")', "true");
  check('glob.match("*.com", null, "a.b.com")', "true");
  check('glob.match("a/*", ["/"], "a/b/c")', "false");
  check('glob.match("a?c", ["."], "a.c")', "false");
  check('glob.match("?", null, "😀")', "true");
  check('glob.match("*", [":", "."], "a:b")', "false");
});

test("sets, ranges and alternatives", () => {
  check('glob.match("[a-c]x", [], "bx")', "true");
  check('glob.match("[!a-c]x", [], "bx")', "false");
  check('glob.match("[abc]", [], "d")', "false");
  check('glob.match("[!abc]", [], "d")', "true");
  check('glob.match("{cat,[fr]at}", [], "rat")', "true");
  check('glob.match("{a,{b,c}}d", [], "cd")', "true");
  check('glob.match("{a*,*b}c", [], "xbc")', "true");
  check('glob.match("{,a}b", [], "b")', "true");
  check('glob.match("{a,b", [], "b")', "true");
  check('glob.match("a}", [], "a}")', "true");
  check('glob.match("\\\\*", [], "*")', "true");
  check('glob.match("\\\\*", [], "a")', "false");
});

test("nothing matches nothing, and a lone question mark", () => {
  check('glob.match("", [], "")', "true");
  check('glob.match("*", [], "")', "true");
  check('glob.match("?", [], "")', "true");
  check('glob.match("[!a]", [], "")', "true");
  check('glob.match("a", [], "")', "false");
});

test("globs that are none are refused", () => {
  check('glob.match("[a", [], "a")', "eval_builtin_error: unexpected end of input");
  check('glob.match("[]", [], "a")', "eval_builtin_error: could not parse range");
  check('glob.match("[!]", [], "a")', "eval_builtin_error: could not parse range");
  check('glob.match("[z-a]", [], "a")', "eval_builtin_error: hi character 'a' should be greater than lo 'z'");
  check('glob.match("[a-bc]", [], "a")', "eval_builtin_error: expected close range character");
  check('glob.match("[a-", [], "a")', "eval_builtin_error: unexpected end of input");
  check('glob.match("\\ufffd", [], "a")', "eval_builtin_error: could not read rune");
});

test("other operands are named", () => {
  check('glob.match(1, [], "a")', "eval_type_error: operand 1 must be string but got number");
  check('glob.match("a", 1, "a")', "eval_type_error: operand 2 must be one of {array, null} but got number");
  check(
    'glob.match("a", [1], "a")',
    "eval_type_error: operand 2 must be array of strings but got array containing number",
  );
  check(
    'glob.match("a", ["ab"], "a")',
    "eval_type_error: operand 2 must be array of runes but got array containing string",
  );
  check(
    'glob.match("a", [""], "a")',
    "eval_type_error: operand 2 must be array of runes but got array containing string",
  );
  check('glob.match("a", [], 1)', "eval_type_error: operand 3 must be string but got number");
  check("glob.quote_meta(1)", "eval_type_error: operand 1 must be string but got number");
});

test("what means something is quoted", () => {
  check('glob.quote_meta("*.{a,b}[c]?\\\\")', '"\\\\*.\\\\{a,b\\\\}\\\\[c\\\\]\\\\?\\\\\\\\"');
  check('glob.quote_meta("a-b!")', '"a-b!"');
});
