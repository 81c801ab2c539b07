import assert from "node:assert/strict";
import { test } from "node:test";

import { stringBytes, stringOfBytes } from "./byte-strings.ts";
import { array, check as checkProperty, property } from "./values.testing.ts";
import { integer } from "fast-check";

function check(bytes: readonly number[], text: string): void {
  assert.equal(stringOfBytes(Uint8Array.from(bytes)), text);
  assert.deepEqual([...stringBytes(text)], bytes);
}

test("UTF-8 is read as what it says", () => {
  check([], "");
  check([0x61], "a");
  check([0xc3, 0xa9], "é");
  check([0xef, 0xbb, 0xbf], "\ufeff");
  check([0xf0, 0x9f, 0x98, 0x80], "\u{1f600}");
});

test("a byte that belongs to no character stands for itself", () => {
  check([0xff], "\udcff");
  check([0x61, 0xe2, 0x82, 0x62], "a\udce2\udc82b");
  check([0xc0, 0x80], "\udcc0\udc80");
  check([0xed, 0xa0, 0x80], "\udced\udca0\udc80");
  check([0xe0, 0x80, 0x80], "\udce0\udc80\udc80");
  check([0xf0, 0x8f, 0xbf, 0xbf], "\udcf0\udc8f\udcbf\udcbf");
  check([0xf4, 0x90, 0x80, 0x80], "\udcf4\udc90\udc80\udc80");
  check([0xff, 0xc3, 0xa9], "\udcffé");
});

test("any bytes survive the way through a string", () => {
  checkProperty(
    property(array(integer({ min: 0, max: 255 })), (bytes) => {
      assert.deepEqual([...stringBytes(stringOfBytes(Uint8Array.from(bytes)))], bytes);
    }),
  );
});
