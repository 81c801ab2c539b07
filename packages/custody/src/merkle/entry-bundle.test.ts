import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";

import { entryLimitBytes, formatEntryBundle, parseEntryBundle } from "./index.ts";

test("writes each entry after its length in 16 bits, big-endian", () => {
  const bundle = formatEntryBundle([utf8("ab"), new Uint8Array(), new Uint8Array(258)]);
  assert.deepEqual(bundle.slice(0, 8), new Uint8Array([0, 2, 97, 98, 0, 0, 1, 2]));
  assert.deepEqual(
    parseEntryBundle(bundle).map((entry) => entry.length),
    [2, 0, 258],
  );
});

test("takes entries of 65,535 bytes and 256 of them, and no more", () => {
  const largest = new Uint8Array(entryLimitBytes);
  assert.equal(parseEntryBundle(formatEntryBundle([largest]))[0]!.length, entryLimitBytes);
  const expected = { code: "merkle/bundle" };
  assert.throws(() => formatEntryBundle([new Uint8Array(entryLimitBytes + 1)]), expected);
  const entries = Array.from({ length: 257 }, () => utf8("x"));
  assert.equal(parseEntryBundle(formatEntryBundle(entries.slice(1))).length, 256);
  assert.throws(() => formatEntryBundle(entries), expected);
  assert.throws(() => parseEntryBundle(new Uint8Array(257 * 2)), expected);
});

test("refuses a bundle that is empty or ends within an entry", () => {
  for (const bytes of [[], [0], [0, 1], [0, 2, 97], [0, 1, 97, 0]]) {
    assert.throws(() => parseEntryBundle(new Uint8Array(bytes)), { code: "merkle/bundle" });
  }
});
