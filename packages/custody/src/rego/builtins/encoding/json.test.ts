import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { jsonBuiltins } from "./json.ts";

const check = checker(jsonBuiltins);

test("json.marshal sorts names and escapes what HTML would read", () => {
  check(
    'json.marshal({"b": [1, 2.50, null], "a": "é", "__proto__": true})',
    '"{\\"__proto__\\":true,\\"a\\":\\"é\\",\\"b\\":[1,2.50,null]}"',
  );
  check(
    'json.marshal("<a&b>\\u2028\\u0001\\b")',
    '"\\"\\\\u003ca\\\\u0026b\\\\u003e\\\\u2028\\\\u0001\\\\b\\""',
  );
  check("json.marshal(12345678901234567890)", '"12345678901234567890"');
});

test("json.marshal_with_options indents when it is asked to", () => {
  check('json.marshal_with_options({"a": [1, {}], "b": []}, {})', '"{\\"a\\":[1,{}],\\"b\\":[]}"');
  check(
    'json.marshal_with_options({"a": [1, {}], "b": []}, {"pretty": true})',
    '"{\\n\\t\\"a\\": [\\n\\t\\t1,\\n\\t\\t{}\\n\\t],\\n\\t\\"b\\": []\\n}"',
  );
  check('json.marshal_with_options({"a": [1]}, {"indent": "  "})', '"{\\n  \\"a\\": [\\n    1\\n  ]\\n}"');
  check(
    'json.marshal_with_options({"a": [1]}, {"prefix": "> ", "indent": "-"})',
    '"> {\\n> -\\"a\\": [\\n> --1\\n> -]\\n> }"',
  );
  check('json.marshal_with_options([1], {"pretty": false, "indent": "  "})', '"[1]"');
  check('json.marshal_with_options([], {"pretty": true, "prefix": "#"})', '"#[]"');
});

test("json.marshal_with_options refuses options that it does not know", () => {
  check(
    'json.marshal_with_options({}, {"x": 1})',
    'eval_type_error: operand 2 object contained unknown key "x"',
  );
  check(
    'json.marshal_with_options({}, {"pretty": 1})',
    'eval_type_error: operand 2 key "pretty" failed cast to bool',
  );
  check(
    'json.marshal_with_options({}, {"indent": 2})',
    'eval_type_error: operand 2 key "indent" failed cast to string: operand 0 must be string but got number',
  );
  check(
    'json.marshal_with_options({}, {"prefix": null})',
    'eval_type_error: operand 2 key "prefix" failed cast to string: operand 0 must be string but got null',
  );
  check('json.marshal_with_options({}, "x")', "eval_type_error: operand 2 must be object but got string");
});

test("json.unmarshal keeps every digit", () => {
  check('json.unmarshal("[1.50, 100000000000000000000, -0, 1e3]")', "[1.50,100000000000000000000,-0,1e3]");
  check('json.unmarshal("{\\"a\\": 1, \\"a\\": 2, \\"__proto__\\": 3}")', '{"__proto__":3,"a":2}');
  check('json.unmarshal(" \\"\\\\ud83d\\\\ude00\\" ")', '"😀"');
  check("json.unmarshal(1)", "eval_type_error: operand 1 must be string but got number");
});

test("json.unmarshal says where a text stops being JSON", () => {
  check('json.unmarshal("")', "eval_builtin_error: EOF");
  check('json.unmarshal("[1,")', "eval_builtin_error: unexpected EOF");
  check('json.unmarshal("[1,]")', "eval_builtin_error: invalid character ']' looking for beginning of value");
  check('json.unmarshal("[1 2]")', "eval_builtin_error: invalid character '2' after array element");
  check('json.unmarshal("{\\"a\\"")', "eval_builtin_error: unexpected EOF");
  check(
    'json.unmarshal("{\\"a\\":1,}")',
    "eval_builtin_error: invalid character '}' looking for beginning of object key string",
  );
  check(
    'json.unmarshal("{a:1}")',
    "eval_builtin_error: invalid character 'a' looking for beginning of object key string",
  );
  check('json.unmarshal("{\\"a\\" 1}")', "eval_builtin_error: invalid character '1' after object key");
  check(
    'json.unmarshal("{\\"a\\":1]")',
    "eval_builtin_error: invalid character ']' after object key:value pair",
  );
  check('json.unmarshal("\\"a\\nb\\"")', "eval_builtin_error: invalid character '\\n' in string literal");
  check('json.unmarshal("\\"\\\\x\\"")', "eval_builtin_error: invalid character 'x' in string escape code");
  check(
    'json.unmarshal("\\"\\\\u12g4\\"")',
    "eval_builtin_error: invalid character 'g' in \\u hexadecimal character escape",
  );
  check('json.unmarshal("-a")', "eval_builtin_error: invalid character 'a' in numeric literal");
  check(
    'json.unmarshal("1.a")',
    "eval_builtin_error: invalid character 'a' after decimal point in numeric literal",
  );
  check('json.unmarshal("1ex")', "eval_builtin_error: invalid character 'x' in exponent of numeric literal");
  check('json.unmarshal("01")', "eval_builtin_error: error: invalid character '1' after top-level value");
  check(
    'json.unmarshal("trux")',
    "eval_builtin_error: invalid character 'x' in literal true (expecting 'e')",
  );
  check(
    "json.unmarshal(\"'a'\")",
    "eval_builtin_error: invalid character '\\'' looking for beginning of value",
  );
  check('json.unmarshal("é")', "eval_builtin_error: invalid character 'Ã' looking for beginning of value");
  check(
    'json.unmarshal("1 \\"x\\"")',
    "eval_builtin_error: error: invalid character 'x' after top-level value",
  );
  check('json.unmarshal("{} {}")', "eval_builtin_error: error: invalid character '{' after top-level value");
  check('json.unmarshal("[1]]")', "eval_builtin_error: invalid character ']' looking for beginning of value");
});

test("json.is_valid is false for whatever is no JSON text", () => {
  check('json.is_valid("{}")', "true");
  check('json.is_valid("{")', "false");
  check('json.is_valid("[1] ")', "true");
  check('json.is_valid("01")', "false");
  check("json.is_valid(1)", "false");
});

test("what follows a whole value is named", () => {
  check(
    'json.unmarshal("1.0.0")',
    "eval_builtin_error: invalid character '.' looking for beginning of value",
  );
  check('json.unmarshal("00")', "eval_builtin_error: error: invalid character '0' after top-level value");
  check(
    'json.unmarshal("1 true")',
    "eval_builtin_error: error: invalid character '%!s(bool=true)' after top-level value",
  );
  check('json.unmarshal("{} 12")', "eval_builtin_error: error: invalid character '12' after top-level value");
});
