import assert from "node:assert/strict";
import { test } from "node:test";

import { medianOf, rateOf, timeInTurn, timeProcess } from "./measure.ts";

test("the median is the middle, or the lower of two middles", () => {
  assert.equal(medianOf([3, 1, 2]), 2);
  assert.equal(medianOf([4, 1, 3, 2]), 2);
  assert.equal(medianOf([7]), 7);
  assert.ok(Number.isNaN(medianOf([])));
});

test("a process that fails is no measurement", async () => {
  await assert.rejects(timeProcess(["-e", "process.exit(3)"]), /ended with 3/);
});

test("commands are timed in turn, each as often as asked", async () => {
  const times = await timeInTurn(
    [
      ["-e", "0"],
      ["-e", "0"],
    ],
    2,
  );
  assert.equal(times.length, 2);
  assert.ok(times.every((time) => time > 0));
});

test("work that throws is no rate", async () => {
  await assert.rejects(
    rateOf(() => Promise.reject(new Error("broken")), 50),
    /broken/,
  );
});
