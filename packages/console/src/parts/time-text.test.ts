import assert from "node:assert/strict";
import { test } from "node:test";

import { agoText, lengthText } from "./time-text.ts";

test("says how long ago, in the largest unit that fits", () => {
  const check = (difference: number, expected: string): void =>
    assert.equal(agoText(10_000_000_000 + difference, 10_000_000_000), expected);
  check(0, "now");
  check(-1000, "1 second ago");
  check(-59_000, "59 seconds ago");
  check(-60_000, "1 minute ago");
  check(-7_200_000, "2 hours ago");
  check(-86_400_000, "yesterday");
  check(-3 * 86_400_000, "3 days ago");
  check(86_400_000, "tomorrow");
  check(2 * 86_400_000, "in 2 days");
  check(3_600_000, "in 1 hour");
});

test("says how long something took, and never sixty seconds", () => {
  const check = (milliseconds: number, expected: string): void =>
    assert.equal(lengthText(milliseconds), expected);
  check(0, "0.0 s");
  check(420, "0.4 s");
  check(59_940, "59.9 s");
  check(59_960, "1 min 0 s");
  check(119_700, "2 min 0 s");
  check(125_000, "2 min 5 s");
});
