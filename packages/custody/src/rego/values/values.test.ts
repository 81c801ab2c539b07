import assert from "node:assert/strict";
import { test } from "node:test";

import { check, property, jsonValue, array } from "./values.testing.ts";
import {
  canonicalKey,
  compare,
  equal,
  findInt64,
  findInteger,
  numberOf,
  numberText,
  objectEntries,
  objectGet,
  objectOf,
  quote,
  readJson,
  RegoNumber,
  RegoObject,
  RegoSet,
  termText,
  writeJson,
} from "./index.ts";
import type { RegoValue } from "./index.ts";

/** Values in their order; each is less than the next. */
const ascending: readonly RegoValue[] = [
  null,
  false,
  true,
  numberOf("-1e400"),
  -1,
  0,
  0.5,
  1,
  numberOf("9007199254740993"),
  numberOf("9007199254740994"),
  numberOf("1e400"),
  "",
  "a",
  "a\u{ffff}",
  "a\u{1f600}",
  "b",
  [],
  [1],
  [1, null],
  [2],
  {},
  { a: 1 },
  { a: 1, b: 1 },
  { a: 2 },
  objectOf([[["k"], 1]]),
  new RegoSet(),
  new RegoSet([1]),
  new RegoSet([1, 2]),
  new RegoSet([2]),
];

test("values have one order, across kinds and within them", () => {
  for (const [i, a] of ascending.entries()) {
    for (const [j, b] of ascending.entries()) {
      assert.equal(Math.sign(compare(a, b)), Math.sign(i - j), `${termText(a)} beside ${termText(b)}`);
      assert.equal(equal(a, b), i === j);
      assert.equal(canonicalKey(a) === canonicalKey(b), i === j);
    }
  }
});

test("the order of any JSON values is total, and equality, order and keys agree", () => {
  check(
    property(jsonValue, jsonValue, jsonValue, (a, b, c) => {
      assert.equal(Math.sign(compare(a, b)) + Math.sign(compare(b, a)), 0);
      assert.equal(equal(a, b), compare(a, b) === 0);
      assert.equal(equal(a, b), canonicalKey(a) === canonicalKey(b));
      if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
    }),
  );
});

test("numbers written differently are one value, and keep their digits", () => {
  for (const [a, b] of [
    ["1", "1.0"],
    ["1000", "1e3"],
    ["0", "-0.00"],
    ["0.1", "1e-1"],
    ["123456789012345680000", "123456789012345680000.0"],
    ["1e21", "1000000000000000000000"],
  ] as const) {
    assert.ok(equal(numberOf(a), numberOf(b)), `${a} = ${b}`);
    assert.equal(new RegoSet([numberOf(a), numberOf(b)]).size, 1, a);
    assert.equal(numberText(numberOf(a)), a);
    assert.equal(numberText(numberOf(b)), b);
  }
  assert.ok(!equal(numberOf("123456789012345680000"), numberOf("123456789012345683968")));
});

test("an integer is one by value, an index by its text", () => {
  assert.equal(findInteger(numberOf("1e3")), 1000n);
  assert.equal(findInteger(numberOf("2.50")), undefined);
  assert.equal(findInt64(numberOf("2.0")), undefined);
  assert.equal(findInt64(numberOf("9223372036854775807")), 9_223_372_036_854_775_807n);
  assert.equal(findInt64(numberOf("9223372036854775808")), undefined);
});

test("JSON is read and written digit by digit", () => {
  for (const text of [
    "[1.0,1e3,-0,1e400,9007199254740993,0.30000000000000000001,0.1,12]",
    '{"a":{"b":[true,null,"x\\ny"]}}',
    '"1.0"',
  ]) {
    assert.equal(writeJson(readJson(text)), text);
  }
  assert.throws(() => readJson("{"), { code: "rego/json" });
});

test("half a character in JSON is none", () => {
  const read = readJson('{"\\udc80": ["\\ud800", "\\ud83d\\ude00", 1.0]}');
  assert.equal(termText(read), '{"\ufffd": ["\ufffd", "\u{1f600}", 1.0]}');
  assert.equal(readJson('"\udcff"'), "\ufffd");
});

test("any JSON value comes back from its text", () => {
  check(property(jsonValue, (value) => assert.ok(equal(readJson(writeJson(value)), value))));
});

test("names of Object.prototype are keys like any other", () => {
  const read = readJson('{"__proto__": 1, "constructor": 2}');
  const made = objectOf([
    ["__proto__", 1],
    ["constructor", 2],
  ]);
  assert.ok(equal(read, made));
  for (const object of [read, made]) {
    assert.equal(objectGet(object as never, "__proto__"), 1);
    assert.equal(objectGet(object as never, "toString"), undefined);
  }
  assert.equal(objectGet({}, "constructor"), undefined);
});

test("objects take keys of every kind, and the last value of equal keys counts", () => {
  const object = objectOf([
    ["a", 1],
    [1, "one"],
    [numberOf("1.0"), "still one"],
    [["x"], 2],
    [new RegoSet([1]), 3],
    [null, 4],
  ]);
  assert.ok(object instanceof RegoObject);
  assert.deepEqual(
    objectEntries(object).map(([key, value]) => `${termText(key)}=${termText(value)}`),
    ["null=4", '1="still one"', '"a"=1', '["x"]=2', "{1}=3"],
  );
  assert.equal(writeJson(object), '{"1":"still one","[\\"x\\"]":2,"[1]":3,"a":1,"null":4}');
});

test("a set holds each value once, however many and of whatever kind", () => {
  check(
    property(array(jsonValue, { maxLength: 40 }), (values) => {
      const set = new RegoSet([...values, ...values]);
      const distinct = new Map(values.map((value) => [canonicalKey(value), value]));
      assert.equal(set.size, distinct.size);
      for (const value of values) assert.ok(set.has(value));
      assert.deepEqual(
        set.sorted(),
        [...distinct.values()].sort(compare).map((value) => set.get(value)),
      );
    }),
  );
});

test("terms print as Rego writes them", () => {
  for (const [value, text] of [
    [new RegoSet(), "set()"],
    [new RegoSet([2, 1, "a"]), '{1, 2, "a"}'],
    [{ b: [1, new RegoNumber("1.0")], a: null }, '{"a": null, "b": [1, 1.0]}'],
    [true, "true"],
  ] as const) {
    assert.equal(termText(value), text);
  }
  assert.equal(quote('a"\\\n\u0001é\u200b\u{1f600}\u{e0001}'), '"a\\"\\\\\\n\\x01é\\u200b😀\\U000e0001"');
});
