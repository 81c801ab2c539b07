import assert from "node:assert/strict";
import { test } from "node:test";

import { logAddress } from "./log-address.ts";

test("a log is asked for by its name, which leaves its folder in no way", () => {
  assert.equal(logAddress(undefined), "/log");
  assert.equal(logAddress("log-2.example.org/a b"), "/log/shards/log-2.example.org/a%20b");
  assert.equal(logAddress("a?b#c"), "/log/shards/a%3Fb%23c");
});
