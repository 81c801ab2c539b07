import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { hexBuiltins } from "./hex.ts";

const check = checker(hexBuiltins);

test("hex writes bytes in lowercase and reads either case", () => {
  check('hex.encode("")', '""');
  check('hex.encode("hé")', '"68c3a9"');
  check("hex.encode(1)", "eval_type_error: operand 1 must be string but got number");
  check('hex.decode("68C3a9")', '"hé"');
  check('hex.decode("")', '""');
  check('hex.decode("ff")', '"�"');
});

test("hex.decode names what it cannot read", () => {
  check('hex.decode("6")', "eval_builtin_error: encoding/hex: odd length hex string");
  check('hex.decode("6g")', "eval_builtin_error: encoding/hex: invalid byte: U+0067 'g'");
  check('hex.decode("6\'")', "eval_builtin_error: encoding/hex: invalid byte: U+0027 '''");
  check('hex.decode("é1")', "eval_builtin_error: encoding/hex: invalid byte: U+00C3 'Ã'");
  check('hex.decode(" 1")', "eval_builtin_error: encoding/hex: invalid byte: U+0020 ' '");
  check("hex.decode(1)", "eval_type_error: operand 1 must be string but got number");
});
