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

test("a query's own call has a value that is asked for, and is told so", () => {
  const policy = compile([], { builtins: allBuiltins });
  const have = (query: string): string => {
    try {
      policy.prepare(query);
      return "accepted";
    } catch (error) {
      if (!(error instanceof RegoDiagnostics)) throw error;
      return /have: .*/.exec(error.message)?.[0] ?? error.message;
    }
  };
  assert.equal(have("count(1)"), "have: (number, ???)");
  assert.equal(have('startswith(1, "a")'), "have: (number, string, ???)");
  assert.equal(have("not upper(1)"), "have: (number)");
  assert.equal(have("[x | x := 1; upper(x)]"), "have: (number)");
});
