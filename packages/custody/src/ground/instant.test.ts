import assert from "node:assert/strict";
import { test } from "node:test";

import { formatInstant, instantOf, isWithin, parseInstant } from "./index.ts";

test("reads RFC 3339 in every zone, to the millisecond", () => {
  const noon = Date.UTC(2026, 1, 28, 12);
  for (const text of ["2026-02-28T12:00:00Z", "2026-02-28T13:00:00+01:00", "2026-02-28T12:00:00.000999Z"]) {
    assert.equal(parseInstant(text), noon, text);
  }
  assert.equal(formatInstant(instantOf(noon)), "2026-02-28T12:00:00.000Z");
});

test("refuses days that are not there and what is not RFC 3339", () => {
  const wrong = [
    "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01",
    "now",
    "",
  ];
  const loose = [
    "2026-01-01 00:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01T25:00:00Z",
    "+002026-01-01T00:00:00Z",
  ];
  for (const text of [...wrong, ...loose])
    assert.throws(() => parseInstant(text), { code: "instant/syntax" }, text);
  assert.equal(parseInstant("2024-02-29T00:00:00Z"), Date.UTC(2024, 1, 29));
});

test("both ends of a range belong to it, and no end is open", () => {
  const [start, end] = [instantOf(10), instantOf(20)];
  assert.deepEqual(
    [9, 10, 20, 21].map((at) => isWithin(instantOf(at), { start, end })),
    [false, true, true, false],
  );
  assert.equal(isWithin(instantOf(1e12), { start }), true);
});

test("an instant is a whole number of milliseconds", () => {
  for (const value of [Number.NaN, Infinity, 0.5, 2 ** 60])
    assert.throws(() => instantOf(value), { code: "instant/range" });
});
