import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { hashBuiltins } from "./hashes.ts";

const check = checker(hashBuiltins);

test("hashes are of the string's bytes, in hexadecimal", () => {
  check('crypto.md5("")', '"d41d8cd98f00b204e9800998ecf8427e"');
  check('crypto.md5("é")', '"66ddcd97cfdeabb2f6fb8a999b4bc76f"');
  check('crypto.sha1("abc")', '"a9993e364706816aba3e25717850c26c9cd0d89d"');
  check('crypto.sha256("abc")', '"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"');
  check("crypto.sha256(1)", "eval_type_error: operand 1 must be string but got number");
});

test("an HMAC takes the message, then the key", () => {
  check('crypto.hmac.md5("message", "key")', '"4e4748e62b463521f6775fbf921234b5"');
  check('crypto.hmac.sha1("message", "key")', '"2088df74d5f2146b48146caf4965377e9d0be3a4"');
  check(
    'crypto.hmac.sha256("message", "")',
    '"eb08c1f56d5ddee07f7bdf80468083da06b64cf4fac64fe3a90883df5feacae4"',
  );
  check(
    'crypto.hmac.sha512("", "é")',
    '"e160073e7cbd878981c0558aeb1df5036aa9fdff51ed109c3b8f891c93a17214e5ab3a93c98d51f77eff6a80f71138b9a9a5f380965fbb016541b6bfd7214b14"',
  );
  check("crypto.hmac.sha256(1, 2)", "eval_type_error: operand 1 must be string but got number");
  check('crypto.hmac.sha256("message", 2)', "eval_type_error: operand 2 must be string but got number");
});

test("crypto.hmac.equal compares two MACs", () => {
  check('crypto.hmac.equal("abc", "abc")', "true");
  check('crypto.hmac.equal("abc", "abd")', "false");
  check('crypto.hmac.equal("abc", "ab")', "false");
  check('crypto.hmac.equal(1, "a")', "eval_type_error: operand 1 must be string but got number");
  check('crypto.hmac.equal("a", 1)', "eval_type_error: operand 2 must be string but got number");
});
