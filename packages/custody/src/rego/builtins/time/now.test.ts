import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { timeBuiltins } from "./index.ts";

test("time.now_ns is one time all through an evaluation", () => {
  let now = 1_700_000_000_123_456_788n;
  const check = checker(timeBuiltins, { now: () => ++now });
  check("time.now_ns()", "1700000000123456789");
  check("time.now_ns()", "1700000000123456789");
});

test("time.now_ns is denied where the host has no clock", () => {
  checker(timeBuiltins)("time.now_ns()", "eval_builtin_error: no clock");
});
