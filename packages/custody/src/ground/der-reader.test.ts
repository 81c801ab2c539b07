import assert from "node:assert/strict";
import { test } from "node:test";

import { assert as check, property, uint8Array } from "fast-check";

import { derValue, DerReader, derTags, parseHex, readDer, toHex } from "./index.ts";

const malformed = { code: "der/malformed" };

test("reads what the writer writes, whatever the length", () => {
  check(
    property(uint8Array({ maxLength: 70_000 }), (content) => {
      const text = derValue(derTags.octetString, content);
      const value = new DerReader(text).read(derTags.octetString);
      assert.deepEqual([...value.content], [...content]);
      assert.deepEqual(value.whole, text);
    }),
    { numRuns: 60 },
  );
});

test("never throws anything but its own fault, on any bytes", () => {
  check(
    property(uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        new DerReader(new Uint8Array(bytes)).rest();
      } catch (error) {
        assert.equal((error as { code?: string }).code, "der/malformed");
      }
    }),
  );
});

/** What BER allows and DER does not, or what is cut off. */
const refused: readonly [string, string][] = [
  ["nothing at all", ""],
  ["a tag without a length", "30"],
  ["a value that is cut off", "300201"],
  ["an indefinite length", "30800000"],
  ["a length of one byte in two", "04810100"],
  ["a length with a leading zero", `0482007f${"00".repeat(127)}`],
  ["a length of five bytes", "048501000000000"],
  ["a tag of two bytes", "1f810100"],
];

for (const [name, hex] of refused) {
  test(`refuses ${name}`, () => {
    const bytes = parseHex(hex.length % 2 ? `${hex}0` : hex);
    assert.throws(() => new DerReader(bytes).next(), malformed);
  });
}

test("refuses bytes behind the end", () => {
  assert.throws(() => readDer(parseHex("300000"), derTags.sequence), malformed);
});

test("refuses another tag than the one that must come", () => {
  assert.throws(() => new DerReader(parseHex("0400")).read(derTags.sequence), malformed);
});

test("passes over an optional value that is not there", () => {
  const reader = new DerReader(parseHex("0201050400"));
  assert.equal(reader.find(derTags.boolean), undefined);
  assert.equal(toHex(reader.read(derTags.integer).content), "05");
  assert.equal(reader.isDone, false);
  assert.throws(() => reader.end(), malformed);
});
