import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { semverBuiltins } from "./index.ts";

const check = checker(semverBuiltins);

test("semver.is_valid wants three numbers", () => {
  check('semver.is_valid("1.2.3")', "true");
  check('semver.is_valid("v1.2.3")', "true");
  check('semver.is_valid("1.2.3-rc.1+build.5")', "true");
  check('semver.is_valid("01.2.3")', "true");
  check('semver.is_valid("1.2.-3")', "false");
  check('semver.is_valid("1.2.+3")', "false");
  check('semver.is_valid("1.2")', "false");
  check('semver.is_valid("1.2.3.4")', "false");
  check('semver.is_valid("1.2.3-")', "true");
  check('semver.is_valid("1.2.3-a..b")', "false");
  check('semver.is_valid("1.2.3+a_b")', "false");
  check('semver.is_valid("9223372036854775807.0.0")', "true");
  check('semver.is_valid("9223372036854775808.0.0")', "false");
  check('semver.is_valid("")', "false");
  check("semver.is_valid(1)", "false");
});

test("semver.compare orders by number, then by pre-release", () => {
  check('semver.compare("1.2.3", "v1.2.3")', "0");
  check('semver.compare("1.2.3", "1.10.0")', "-1");
  check('semver.compare("2.0.0", "1.99.99")', "1");
  check('semver.compare("1.0.0+a", "1.0.0+b")', "0");
  check('semver.compare("1.0.0", "1.0.0-rc")', "1");
  check('semver.compare("1.0.0-rc", "1.0.0")', "-1");
  check('semver.compare("1.0.0-2", "1.0.0-10")', "-1");
  check('semver.compare("1.0.0-2", "1.0.0-a")', "-1");
  check('semver.compare("1.0.0-a", "1.0.0-2")', "1");
  check('semver.compare("1.0.0-b", "1.0.0-a")', "1");
  check('semver.compare("1.0.0-a", "1.0.0-a.1")', "-1");
  check('semver.compare("1.0.0-a.1", "1.0.0-a")', "1");
  check('semver.compare("1.0.0-a.99999999999999999999", "1.0.0-a.1")', "1");
});

test("semver.compare names the operand that is no version", () => {
  check('semver.compare("1", "1.0.0")', 'eval_builtin_error: operand 1: string "1" is not a valid SemVer');
  check('semver.compare("1.0.0", "x")', 'eval_builtin_error: operand 2: string "x" is not a valid SemVer');
  check('semver.compare(1, "1.0.0")', "eval_type_error: operand 1 must be string but got number");
  check('semver.compare("1", 2)', "eval_type_error: operand 2 must be string but got number");
});
