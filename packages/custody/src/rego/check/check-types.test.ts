import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile, RegoDiagnostics } from "../index.ts";

/** Compiles a v0 module; the first problem must be that, or none. */
function check(module: string, expected: string): void {
  let found = "";
  try {
    compile([{ file: "t.rego", text: `package t\n${module}` }], { builtins: allBuiltins, version: "v0" });
  } catch (error) {
    if (!(error instanceof RegoDiagnostics)) throw error;
    found = error.diagnostics[0]?.message ?? "";
  }
  assert.equal(found, expected, module);
}

test("what a function's arguments hold may be anything", () => {
  check("f(a, b) { a.x == b.x }", "");
  check("f(name, a, b) { a[name] == b[name] }", "");
  check("f(a, b) { a[_].x = b[_].y }", "");
  check('f(a) { a.x; upper(a) == "A" }', "");
  check("f(a) { count(1) == a.x }", "count: invalid argument(s)");
});

test("a head without arguments is no function", () => {
  check("f() = x { x := 1 }\np = f", "");
  check("f() = x { x := 1 }\ng(a) = a\np = g(f)", "");
  check("f() = x { x := input.a }\np = f()", "");
  check("f() = x { x := input.a }\np { f(); not f() == 1; count([y | y := f()]) == 1 }", "");
  check("p = g()", "undefined function g");
  check("f(_) = 1\np = f", "function data.t.f used as reference, not called");
});
