import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { cidrBuiltins } from "./cidr.ts";

const check = checker(cidrBuiltins);

test("net.cidr_is_valid wants an address and a prefix that fits it", () => {
  check('net.cidr_is_valid("10.0.0.0/8")', "true");
  check('net.cidr_is_valid("10.0.0.1/32")', "true");
  check('net.cidr_is_valid("10.0.0.1/33")', "false");
  check('net.cidr_is_valid("10.0.0.1/08")', "true");
  check('net.cidr_is_valid("10.0.0.1/-1")', "false");
  check('net.cidr_is_valid("010.0.0.1/8")', "false");
  check('net.cidr_is_valid("10.0.0/8")', "false");
  check('net.cidr_is_valid("2001:db8::/128")', "true");
  check('net.cidr_is_valid("2001:db8::/129")', "false");
  check('net.cidr_is_valid("1:2:3:4:5:6:7::/64")', "true");
  check('net.cidr_is_valid("1::2::3/64")', "false");
  check('net.cidr_is_valid("1.2.3.4::/64")', "false");
  check('net.cidr_is_valid("::1.2.3.4/64")', "true");
  check('net.cidr_is_valid("fe80::1%eth0/64")', "false");
  check('net.cidr_is_valid("10.0.0.1")', "false");
  check('net.cidr_is_valid("")', "false");
  check("net.cidr_is_valid(1)", "false");
});

test("net.cidr_contains takes an address or a network", () => {
  check('net.cidr_contains("10.0.0.0/8", "10.255.0.1")', "true");
  check('net.cidr_contains("10.0.0.0/8", "11.0.0.1")', "false");
  check('net.cidr_contains("10.0.0.0/8", "10.1.0.0/16")', "true");
  check('net.cidr_contains("10.1.0.0/16", "10.0.0.0/8")', "false");
  check('net.cidr_contains("2001:db8::/32", "2001:db8:1::/48")', "true");
  check('net.cidr_contains("::/0", "10.0.0.1")', "false");
  check('net.cidr_contains("10.0.0.0/8", "::ffff:10.0.0.1")', "true");
  check('net.cidr_contains("::ffff:10.0.0.0/104", "10.0.0.1")', "true");
  check('net.cidr_contains("10/8", "10.0.0.1")', "eval_builtin_error: invalid CIDR address: 10/8");
  check(
    'net.cidr_contains("10.0.0.0/8", "x")',
    "eval_builtin_error: not a valid textual representation of an IP address or CIDR: x",
  );
  check("net.cidr_contains(1, 2)", "eval_type_error: operand 1 must be string but got number");
  check('net.cidr_contains("10.0.0.0/8", 2)', "eval_type_error: operand 1 must be string but got number");
});

test("net.cidr_intersects is true for networks that share an address", () => {
  check('net.cidr_intersects("10.0.0.0/8", "10.1.0.0/16")', "true");
  check('net.cidr_intersects("10.1.0.0/16", "10.0.0.0/8")', "true");
  check('net.cidr_intersects("10.0.0.0/9", "10.128.0.0/9")', "false");
  check('net.cidr_intersects("::/0", "0.0.0.0/0")', "false");
  check(
    'net.cidr_intersects("10.0.0.0/8", "10.0.0.1")',
    "eval_builtin_error: invalid CIDR address: 10.0.0.1",
  );
});

test("net.cidr_expand names every address", () => {
  check('net.cidr_expand("192.168.1.5/30")', '["192.168.1.4","192.168.1.5","192.168.1.6","192.168.1.7"]');
  check('net.cidr_expand("255.255.255.255/32")', '["255.255.255.255"]');
  check('net.cidr_expand("2001:db8::/127")', '["2001:db8::","2001:db8::1"]');
  check('net.cidr_expand("::ffff:1.2.3.4/127")', '["1.2.3.4","1.2.3.5"]');
  check('net.cidr_expand("192.168.1.1/33")', "eval_builtin_error: invalid CIDR address: 192.168.1.1/33");
  check("net.cidr_expand(1)", "eval_type_error: operand 1 must be string but got number");
});

test("net.cidr_merge joins neighbours and drops what others hold", () => {
  check("net.cidr_merge([])", "[]");
  check('net.cidr_merge(["10.0.0.0/24", "10.0.1.0/24"])', '["10.0.0.0/23"]');
  check('net.cidr_merge(["10.0.0.0/24", "10.0.2.0/24"])', '["10.0.0.0/24","10.0.2.0/24"]');
  check('net.cidr_merge(["10.0.1.0/24", "10.0.2.0/24"])', '["10.0.1.0/24","10.0.2.0/24"]');
  check('net.cidr_merge(["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8"])', '["10.0.0.0/8"]');
  check('net.cidr_merge(["2001:db8::/33", "2001:db8:8000::/33"])', '["2001:db8::/32"]');
  check(
    'net.cidr_merge(["192.168.1.5", "10.0.0.7", "172.16.0.1"])',
    '["10.0.0.7/8","172.16.0.1/16","192.168.1.5/24"]',
  );
  check('net.cidr_merge(["10.0.0.128/25", "10.0.0.0"])', '["10.0.0.0/8"]');
  check('net.cidr_merge(["2001:db8::1"])', "eval_builtin_error: IPv6 invalid: needs prefix length");
  check('net.cidr_merge(["x"])', "eval_builtin_error: invalid CIDR address: x");
  check("net.cidr_merge([1])", "eval_builtin_error: element must be string");
  check('net.cidr_merge("10.0.0.0/8")', "eval_builtin_error: operand must be an array");
});

test("net.cidr_contains_matches pairs networks with what they hold", () => {
  check('net.cidr_contains_matches("10.0.0.0/8", "10.0.0.1")', '[["10.0.0.0/8","10.0.0.1"]]');
  check('net.cidr_contains_matches(["10.0.0.0/8", "11.0.0.0/8"], ["11.0.0.1", "12.0.0.1"])', "[[1,0]]");
  check('net.cidr_contains_matches({"a": "10.0.0.0/8"}, {"b": ["10.0.0.0/9", "note"]})', '[["a","b"]]');
  check('net.cidr_contains_matches([["10.0.0.0/8", 1]], "10.0.0.1")', '[[0,"10.0.0.1"]]');
  check(
    'net.cidr_contains_matches([[]], "10.0.0.1")',
    "eval_builtin_error: operand 1: element must be string or non-empty array",
  );
  check(
    'net.cidr_contains_matches(["10.0.0.0/8"], [1])',
    "eval_builtin_error: operand 2: element must be string or non-empty array",
  );
  check(
    'net.cidr_contains_matches([[1]], "10.0.0.1")',
    "eval_type_error: operand 1 must be string but got number",
  );
  check(
    'net.cidr_contains_matches(["10.0.0.0/8"], ["x"])',
    "eval_builtin_error: not a valid textual representation of an IP address or CIDR: x",
  );
  check("net.cidr_contains_matches(1, 2)", "[]");
});
