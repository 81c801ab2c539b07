import assert from "node:assert/strict";
import { test } from "node:test";

import { double } from "fast-check";

import {
  addFloats,
  divideFloats,
  floatOfInteger,
  floatText,
  isWhole,
  multiplyFloats,
  readFloat,
  subtractFloats,
  truncateFloat,
} from "./index.ts";
import { check, property } from "./values.testing.ts";

test("floats print the fewest digits that 64 bits need", () => {
  for (const [text, printed] of [
    ["0.1", "0.1"],
    ["0.30000000000000000001", "0.3"],
    ["1e-7", "1e-07"],
    ["0.0001", "0.0001"],
    ["1234567.5", "1.2345675e+06"],
    ["123456.5", "123456.5"],
    ["1e30", "1000000000000000000000000000000"],
    ["123456789012345678901234567890", "123456789012345678900000000000"],
    ["-0.0", "-0"],
    ["2.50", "2.5"],
    ["9.999999999999999999999", "10"],
  ] as const) {
    assert.equal(floatText(readFloat(text)), printed, text);
  }
});

test("sums, products and quotients are rounded once", () => {
  for (const [value, printed] of [
    [addFloats(readFloat("0.1"), readFloat("0.2")), "0.3"],
    [subtractFloats(readFloat("1"), readFloat("1e-19")), "0.9999999999999999999"],
    [multiplyFloats(readFloat("1.1"), readFloat("1.1")), "1.21"],
    [divideFloats(readFloat("1"), readFloat("3")), "0.33333333333333333334"],
    [divideFloats(readFloat("-1"), readFloat("8")), "-0.125"],
  ] as const) {
    assert.equal(floatText(value), printed);
  }
});

test("every double comes back from the text of its float", () => {
  check(
    property(double({ noNaN: true, noDefaultInfinity: true, min: 1e-300, max: 1e300 }), (number) => {
      assert.equal(Number(floatText(readFloat(String(number)))), number);
    }),
  );
});

test("integers stay whole, whatever their size", () => {
  const large = 2n ** 100n + 1n;
  assert.equal(truncateFloat(floatOfInteger(large)), large);
  assert.equal(truncateFloat(readFloat("-2.75")), -2n);
  assert.ok(isWhole(readFloat("2.0")));
  assert.ok(!isWhole(readFloat("2.5")));
});

test("numbers past 10^10000 are refused at once", () => {
  for (const text of ["1e999999999", "1.5e-999999999", "1e20000"]) {
    assert.throws(() => readFloat(text), { code: "rego/limit" });
  }
});
