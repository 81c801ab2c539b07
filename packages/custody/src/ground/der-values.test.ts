import assert from "node:assert/strict";
import { test } from "node:test";

import type { DerValue } from "./index.ts";
import {
  derBitString,
  derBoolean,
  derOid,
  DerReader,
  derSmallInteger,
  derTime,
  formatInstant,
  parseHex,
  toHex,
  utf8,
} from "./index.ts";

const malformed = { code: "der/malformed" };

function value(hex: string): DerValue {
  return new DerReader(parseHex(hex)).next();
}

function time(tag: number, text: string): string {
  const content = utf8(text);
  return formatInstant(derTime({ tag, content, whole: content }));
}

test("a BOOLEAN is 00 or FF and nothing else", () => {
  assert.equal(derBoolean(value("0101ff")), true);
  assert.equal(derBoolean(value("010100")), false);
  for (const hex of ["010101", "0100", "0102ffff"]) assert.throws(() => derBoolean(value(hex)), malformed);
});

test("a small INTEGER is not negative and in its shortest form", () => {
  assert.equal(derSmallInteger(value("020100")), 0);
  assert.equal(derSmallInteger(value("02020080")), 128);
  for (const hex of ["0200", "0201ff", "0202007f", "02057fffffffff"]) {
    assert.throws(() => derSmallInteger(value(hex)), malformed);
  }
});

const oids: readonly [string, string][] = [
  ["06082a8648ce3d040302", "1.2.840.10045.4.3.2"],
  ["0603551d13", "2.5.29.19"],
  ["060a2b0601040183bf300108", "1.3.6.1.4.1.57264.1.8"],
  ["0603883703", "2.999.3"],
  ["060127", "0.39"],
];

for (const [hex, dotted] of oids) {
  test(`the OBJECT IDENTIFIER ${dotted} is read`, () => assert.equal(derOid(value(hex)), dotted));
}

test("an OBJECT IDENTIFIER that is empty, cut off, padded or huge is refused", () => {
  for (const hex of ["0600", "060188", "0603558001", `060a55${"ff".repeat(8)}7f`]) {
    assert.throws(() => derOid(value(hex)), malformed);
  }
});

test("a BIT STRING's unused bits are zero", () => {
  assert.equal(toHex(derBitString(value("03020106")).bytes), "06");
  assert.equal(derBitString(value("03020780")).unusedBits, 7);
  for (const hex of ["0300", "030101", "03020107", "03020800"]) {
    assert.throws(() => derBitString(value(hex)), malformed);
  }
});

test("times are read as RFC 5280 reads them", () => {
  assert.equal(time(0x17, "490102030405Z"), "2049-01-02T03:04:05.000Z");
  assert.equal(time(0x17, "500102030405Z"), "1950-01-02T03:04:05.000Z");
  assert.equal(time(0x18, "20500102030405Z"), "2050-01-02T03:04:05.000Z");
  assert.equal(time(0x18, "20500102030405.25Z"), "2050-01-02T03:04:05.250Z");
});

test("times in BER's other forms, and days that are none, are refused", () => {
  for (const text of ["4901020304Z", "490102030405+0000", "490102030405"]) {
    assert.throws(() => time(0x17, text), malformed);
  }
  for (const text of ["20500102030405.20Z", "20500102030405.Z", "205001020304Z"]) {
    assert.throws(() => time(0x18, text), malformed);
  }
  assert.throws(() => time(0x17, "490230030405Z"), { code: "instant/syntax" });
});
