import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { unitsBuiltins } from "./index.ts";

const check = checker(unitsBuiltins);

test("units.parse reads SI and binary units", () => {
  check('units.parse("10")', "10");
  check('units.parse("10K")', "10000");
  check('units.parse("10k")', "10000");
  check('units.parse("10Ki")', "10240");
  check('units.parse("10kI")', "10240");
  check('units.parse("1M")', "1000000");
  check('units.parse("1Mi")', "1048576");
  check('units.parse("1mi")', "1048576");
  check('units.parse("1g")', "1000000000");
  check('units.parse("1T")', "1000000000000");
  check('units.parse("1P")', "1000000000000000");
  check('units.parse("1E")', "1000000000000000000");
  check('units.parse("1ei")', "1152921504606846976");
  check('units.parse("\\"10\\"G")', "10000000000");
});

test("units.parse tells thousandths from millions", () => {
  check('units.parse("1m")', "0.0010000000");
  check('units.parse("1500m")', "1.5000000000");
  check('units.parse("1500M")', "1500000000");
  check('units.parse("0.22")', "0.2200000000");
  check('units.parse("0.00000000005")', "0.0000000001");
  check('units.parse("-0.00000000015")', "-0.0000000002");
});

test("units.parse reads exponents of at most six digits", () => {
  check('units.parse("1e3K")', "1000000");
  check('units.parse("1E-3")', "0.0010000000");
  check('units.parse("1e+2Mi")', "104857600");
  check('units.parse("1e1234567")', "eval_builtin_error: units.parse: exponent too large");
  check('units.parse("1e")', "1000000000000000000");
});

test("units.parse refuses what is no amount or no unit", () => {
  check('units.parse("")', "eval_builtin_error: units.parse: no amount provided");
  check('units.parse("1 K")', "eval_builtin_error: units.parse: spaces not allowed in resource strings");
  check('units.parse("foo")', "eval_builtin_error: units.parse: no amount provided");
  check('units.parse("10foo")', "eval_builtin_error: units.parse: unit foo not recognized");
  check('units.parse("10KB")', "eval_builtin_error: units.parse: unit Kb not recognized");
  check('units.parse("1..2")', "eval_builtin_error: units.parse: could not parse amount to a number");
  check('units.parse("--1")', "eval_builtin_error: units.parse: could not parse amount to a number");
  check('units.parse("1e5e5")', "eval_builtin_error: units.parse: could not parse amount to a number");
  check("units.parse(1)", "eval_type_error: operand 1 must be string but got number");
});

test("units.parse_bytes reads sizes in any case", () => {
  check('units.parse_bytes("10")', "10");
  check('units.parse_bytes("10kb")', "10000");
  check('units.parse_bytes("10K")', "10000");
  check('units.parse_bytes("10KiB")', "10240");
  check('units.parse_bytes("10ki")', "10240");
  check('units.parse_bytes("1Mb")', "1000000");
  check('units.parse_bytes("1.5GiB")', "1610612736");
  check('units.parse_bytes("1tb")', "1000000000000");
  check('units.parse_bytes("1PiB")', "1125899906842624");
  check('units.parse_bytes("2E")', "2000000000000000000");
  check('units.parse_bytes("1e3MB")', "1000000000");
  check('units.parse_bytes("\\"7\\"")', "7");
});

test("units.parse_bytes keeps 64 bits of a mantissa and drops fractions of bytes", () => {
  check('units.parse_bytes("0.9")', "0");
  check('units.parse_bytes("-1.9")', "-1");
  check('units.parse_bytes("1.1kb")', "1100");
  check('units.parse_bytes("18446744073709551617")', "18446744073709551616");
  check('units.parse_bytes("0.333333333333333333333eb")', "333333333333333333");
});

test("units.parse_bytes refuses what is no size", () => {
  check('units.parse_bytes("")', "eval_builtin_error: units.parse_bytes: no byte amount provided");
  check(
    'units.parse_bytes("1 KB")',
    "eval_builtin_error: units.parse_bytes: spaces not allowed in resource strings",
  );
  check('units.parse_bytes("KB")', "eval_builtin_error: units.parse_bytes: no byte amount provided");
  check('units.parse_bytes("1foo")', "eval_builtin_error: units.parse_bytes: byte unit foo not recognized");
  check('units.parse_bytes("1b")', "eval_builtin_error: units.parse_bytes: byte unit b not recognized");
  check(
    'units.parse_bytes("1.2.3kb")',
    "eval_builtin_error: units.parse_bytes: could not parse byte amount to a number",
  );
  check('units.parse_bytes("1e9999999")', "eval_builtin_error: units.parse_bytes: exponent too large");
  check("units.parse_bytes(1)", "eval_type_error: operand 1 must be string but got number");
});
