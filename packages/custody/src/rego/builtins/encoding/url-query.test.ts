import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { urlQueryBuiltins } from "./url-query.ts";

const check = checker(urlQueryBuiltins);

test("urlquery.encode keeps letters, digits and four marks", () => {
  check('urlquery.encode("")', '""');
  check('urlquery.encode("aZ09-_.~")', '"aZ09-_.~"');
  check('urlquery.encode("a b+c&d=é")', '"a+b%2Bc%26d%3D%C3%A9"');
  check("urlquery.encode(1)", "eval_type_error: operand 1 must be string but got number");
});

test("urlquery.decode reads escapes and plus signs", () => {
  check('urlquery.decode("a+b%20c%C3%A9")', '"a b cé"');
  check('urlquery.decode("%ff")', '"�"');
  check('urlquery.decode("%2")', 'eval_builtin_error: invalid URL escape "%2"');
  check('urlquery.decode("a%zzé")', 'eval_builtin_error: invalid URL escape "%zz"');
  check('urlquery.decode("a+%+")', 'eval_builtin_error: invalid URL escape "%+"');
  check("urlquery.decode(1)", "eval_type_error: operand 1 must be string but got number");
});

test("urlquery.encode_object sorts names and repeats them for each value", () => {
  check("urlquery.encode_object({})", '""');
  check('urlquery.encode_object({"b": ["y", "x"], "a": "é ", "c": []})', '"a=%C3%A9+&b=y&b=x"');
  check(
    'urlquery.encode_object({"a": 1})',
    "eval_type_error: operand 1 values must be string, array[string], or set[string]",
  );
  check(
    'urlquery.encode_object({"a": ["x", 1]})',
    "eval_type_error: operand 1 values must be string, array[string], or set[string]",
  );
  check(
    'urlquery.encode_object({"a": {"b": "c"}})',
    "eval_type_error: operand 1 values must be string, array[string], or set[string]",
  );
  check('urlquery.encode_object(["a"])', "eval_type_error: operand 1 must be object but got array");
});

test("urlquery.decode_object collects the values of each name", () => {
  check('urlquery.decode_object("")', "{}");
  check(
    'urlquery.decode_object("a=1&b=x%20y&a=2&&c&=d&__proto__=e")',
    '{"":["d"],"__proto__":["e"],"a":["1","2"],"b":["x y"],"c":[""]}',
  );
  check('urlquery.decode_object("a=b=c")', '{"a":["b=c"]}');
  check('urlquery.decode_object("a;b=1")', "eval_builtin_error: invalid semicolon separator in query");
  check('urlquery.decode_object("a=1&%zz=2")', 'eval_builtin_error: invalid URL escape "%zz"');
  check('urlquery.decode_object("a=%4")', 'eval_builtin_error: invalid URL escape "%4"');
  check("urlquery.decode_object(1)", "eval_type_error: operand 1 must be string but got number");
});
