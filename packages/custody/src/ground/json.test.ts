import assert from "node:assert/strict";
import { test } from "node:test";

import * as fc from "fast-check";

import { canonicalJson, parseJson, parseUtf8, utf8 } from "./index.ts";

test("reads what JSON.parse reads, when no two readers could differ", () => {
  for (const text of [
    "null",
    "1e3",
    '"a"',
    "[]",
    "{}",
    ' { "a" : [ 1 , { "b" : "}" } ] } ',
    '{"a:":{"a:":1}}',
  ]) {
    assert.deepEqual(parseJson(text), JSON.parse(text));
  }
});

test("refuses duplicate keys at every depth, however they are written", () => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"x":[{"a":1,"b":{},"a":2}]}',
    '{"a":1,"\\u0061":2}',
    '{"a":{"b":1},"a":1}',
  ]) {
    assert.throws(() => parseJson(text), { code: "json/duplicate-key" }, text);
  }
  assert.deepEqual(parseJson('[{"a":1},{"a":2}]'), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(parseJson('{"a":"b","b":"a"}'), { a: "b", b: "a" });
});

test("refuses __proto__ as a key", () => {
  assert.throws(() => parseJson('{"__proto__":{"admin":true}}'), { code: "json/duplicate-key" });
  assert.equal(parseJson('"__proto__"'), "__proto__");
});

test("refuses what is too large, too deep, not UTF-8 or not JSON", () => {
  assert.throws(() => parseJson("[1,2,3]", { sizeBytes: 6 }), { code: "json/size" });
  assert.throws(() => parseJson("[[[1]]]", { depth: 2 }), { code: "json/depth" });
  assert.throws(() => parseJson(new Uint8Array([0x22, 0xff, 0x22])), { code: "bytes/utf8" });
  for (const text of [
    "",
    "{",
    "{'a':1}",
    "[1,]",
    "nul",
    '\ufeff"a"',
    '{"a":1}x',
    '"a',
    '{"a',
    '{"\\x":1}',
    '"\\',
  ]) {
    assert.throws(() => parseJson(text), { code: "json/syntax" }, text);
  }
});

test("a deep text ends in a fault, not in a full stack", () => {
  assert.throws(() => parseJson("[".repeat(1_000_000)), { name: "CustodyError" });
  assert.throws(() => parseJson(`${"[".repeat(100_000)}${"]".repeat(100_000)}`), { name: "CustodyError" });
});

test("counts values before it builds any", () => {
  const keys = Array.from({ length: 1000 }, (_, at) => `"k${at}":[{},{}]`);
  const text = `{${keys.join(",")}}`;
  assert.throws(() => parseJson(text, { values: 4000 }), { code: "json/values" });
  assert.deepEqual(parseJson(text, { values: 5001 }), JSON.parse(text));
  assert.throws(
    () => parseJson(`[${"{},".repeat(2_000_000)}`),
    { code: "json/values" },
    "though it is no JSON",
  );
  assert.equal(parseJson(`"${",".repeat(2000)}"`, { values: 1 }), ",".repeat(2000));
});

test("canonical JSON is the same bytes for the same value, and reads back as it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const once = canonicalJson(value);
      // That key is refused, wherever it is: see above.
      fc.pre(!parseUtf8(once).includes('"__proto__"'));
      const again = parseJson(once, { depth: 1000 });
      assert.deepEqual(canonicalJson(again), once);
    }),
    { numRuns: 200 },
  );
  assert.equal(
    parseUtf8(canonicalJson({ b: 1, a: [true, null], é: "€" })),
    '{"a":[true,null],"b":1,"é":"€"}',
  );
});

test("the size of a text counts before it is read", () => {
  assert.throws(() => parseJson(utf8("[" + " ".repeat(100)), { sizeBytes: 10 }), { code: "json/size" });
});
