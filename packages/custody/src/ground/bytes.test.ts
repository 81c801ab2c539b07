import assert from "node:assert/strict";
import { test } from "node:test";

import * as fc from "fast-check";

import {
  concatBytes,
  derValue,
  equalBytes,
  parseBase64,
  parseHex,
  parseUtf8,
  toBase64,
  toHex,
  utf8,
} from "./index.ts";

test("hexadecimal and base64 survive a round trip and agree with Node", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.equal(toHex(bytes), Buffer.from(bytes).toString("hex"));
      assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
      assert.ok(equalBytes(parseHex(toHex(bytes)), bytes));
      assert.ok(equalBytes(parseBase64(toBase64(bytes)), bytes));
    }),
    { numRuns: 300 },
  );
});

test("one byte string has one base64 text", () => {
  for (const text of [
    "QQ",
    "QQ=",
    "QR==",
    "QUJ=",
    "QQ==\n",
    " QQ==",
    "Q-__",
    "====",
    "Q===",
    "QQ==QQ==",
    "QQ==A",
  ]) {
    assert.throws(() => parseBase64(text), { code: "bytes/base64" }, text);
  }
  assert.deepEqual(parseBase64(""), new Uint8Array());
});

test("hexadecimal is lowercase and even", () => {
  for (const text of ["A0", "a", "0x", "g0", "a0 "])
    assert.throws(() => parseHex(text), { code: "bytes/hex" }, text);
});

test("text that is not UTF-8 is refused, not mended", () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
    assert.throws(() => parseUtf8(new Uint8Array(bytes)), { code: "bytes/utf8" });
  }
  assert.equal(parseUtf8(utf8("\ufeffü€😀")), "\ufeffü€😀");
});

test("concatenates and compares", () => {
  assert.deepEqual(concatBytes(utf8("a"), utf8(""), utf8("bc")), utf8("abc"));
  assert.equal(equalBytes(utf8("ab"), utf8("abc")), false);
  assert.equal(equalBytes(utf8("ab"), utf8("ac")), false);
});

test("writes DER lengths in their shortest form", () => {
  const header = (length: number): string =>
    toHex(derValue(0x04, new Uint8Array(length)).subarray(0, -length || undefined));
  assert.equal(toHex(derValue(0x04, new Uint8Array())), "0400");
  assert.equal(header(127), "047f");
  assert.equal(header(128), "048180");
  assert.equal(header(255), "0481ff");
  assert.equal(header(256), "04820100");
  assert.equal(header(65_536), "0483010000");
});
