import assert from "node:assert/strict";
import { test } from "node:test";

import { instantOf } from "custody/ground";

import { Patience } from "./patience.ts";

function make(): { patience: Patience; pass: (seconds: number) => void } {
  let now = 0;
  return {
    patience: new Patience({ now: () => instantOf(now) }),
    pass: (seconds) => {
      now += seconds * 1000;
    },
  };
}

test("waits twice as long after each trouble in a row, five minutes at most", () => {
  const { patience } = make();
  const pauses = Array.from({ length: 12 }, () => patience.take("hello"));
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
});

test("is over when the pause has passed, for each workload on its own", () => {
  const { patience, pass } = make();
  assert.ok(patience.isOver("hello"));
  patience.take("hello");
  patience.take("hello");
  assert.ok(!patience.isOver("hello"));
  assert.ok(patience.isOver("other"));
  pass(1.999);
  assert.ok(!patience.isOver("hello"));
  pass(0.001);
  assert.ok(patience.isOver("hello"));
});

test("says how often there was trouble, until it is forgotten", () => {
  const { patience } = make();
  assert.equal(patience.describe("hello"), undefined);
  patience.take("hello");
  assert.equal(patience.describe("hello"), "once in trouble");
  patience.take("hello");
  assert.equal(patience.describe("hello"), "2 times in trouble in a row");
  patience.forget("hello");
  assert.equal(patience.describe("hello"), undefined);
  assert.ok(patience.isOver("hello"));
});
