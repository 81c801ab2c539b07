import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { netBuiltins } from "./index.ts";

test("net.lookup_ip_addr keeps a name's addresses while an evaluation lasts", () => {
  let asked = 0;
  const check = checker(netBuiltins, {
    lookupAddresses: (name) => [`10.0.0.${++asked}`, `::${name.length}`],
  });
  check('net.lookup_ip_addr("one.example")', '["10.0.0.1","::11"]');
  check('net.lookup_ip_addr("one.example")', '["10.0.0.1","::11"]');
  check('net.lookup_ip_addr("two")', '["10.0.0.2","::3"]');
});

test("net.lookup_ip_addr asks nobody about an address", () => {
  const check = checker(netBuiltins);
  check('net.lookup_ip_addr("10.0.0.1")', '["10.0.0.1"]');
  check('net.lookup_ip_addr("1:0:0:2::3")', '["1:0:0:2::3"]');
  check("net.lookup_ip_addr(1)", "eval_type_error: operand 1 must be string but got number");
});

test("net.lookup_ip_addr is denied where the host has no resolver", () => {
  const check = checker(netBuiltins);
  check('net.lookup_ip_addr("a")', "eval_builtin_error: lookup a: name resolution is not allowed");
});
