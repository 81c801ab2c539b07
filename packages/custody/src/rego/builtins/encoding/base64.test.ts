import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { base64Builtins } from "./base64.ts";

const check = checker(base64Builtins);

test("base64 writes the bytes of UTF-8", () => {
  check('base64.encode("")', '""');
  check('base64.encode("a")', '"YQ=="');
  check('base64.encode("hé😀")', '"aMOp8J+YgA=="');
  check('base64url.encode("??>>")', '"Pz8-Pg=="');
  check('base64url.encode_no_pad("a?>~")', '"YT8-fg"');
  check("base64.encode(1)", "eval_type_error: operand 1 must be string but got number");
  check("base64url.encode(null)", "eval_type_error: operand 1 must be string but got null");
  check("base64url.encode_no_pad([])", "eval_type_error: operand 1 must be string but got array");
});

test("base64.decode wants padding, and overlooks line ends and left-over bits", () => {
  check('base64.decode("")', '""');
  check('base64.decode("YWJj")', '"abc"');
  check('base64.decode("YQ==")', '"a"');
  check('base64.decode("YR==")', '"a"');
  check('base64.decode("YQ\\n==\\r\\n")', '"a"');
  check('base64.decode("/w==")', '"�"');
  check("base64.decode(1)", "eval_type_error: operand 1 must be string but got number");
});

test("base64.decode names the byte where it goes wrong", () => {
  check('base64.decode("YQ")', "eval_builtin_error: illegal base64 data at input byte 0");
  check('base64.decode("Y")', "eval_builtin_error: illegal base64 data at input byte 0");
  check('base64.decode("YQ=")', "eval_builtin_error: illegal base64 data at input byte 3");
  check('base64.decode("YQ=x")', "eval_builtin_error: illegal base64 data at input byte 2");
  check('base64.decode("YQ==x")', "eval_builtin_error: illegal base64 data at input byte 4");
  check('base64.decode("Y Q=")', "eval_builtin_error: illegal base64 data at input byte 1");
  check('base64.decode("_-8=")', "eval_builtin_error: illegal base64 data at input byte 0");
  check('base64.decode("=")', "eval_builtin_error: illegal base64 data at input byte 0");
  check('base64.decode("YWJjé")', "eval_builtin_error: illegal base64 data at input byte 4");
});

test("base64url.decode needs no padding", () => {
  check('base64url.decode("YQ")', '"a"');
  check('base64url.decode("YQ==")', '"a"');
  check('base64url.decode("4pyT")', '"✓"');
  check('base64url.decode("Y")', "eval_builtin_error: illegal base64url string: Y");
  check('base64url.decode("/+8=")', "eval_builtin_error: illegal base64 data at input byte 0");
  check("base64url.decode(1)", "eval_type_error: operand 1 must be string but got number");
});

test("base64.is_valid is false for whatever cannot be decoded", () => {
  check('base64.is_valid("YQ==")', "true");
  check('base64.is_valid("YQ")', "false");
  check('base64.is_valid("")', "true");
  check("base64.is_valid(1)", "false");
});
