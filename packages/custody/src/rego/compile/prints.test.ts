import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile, RegoDiagnostics } from "../index.ts";

/** What a module's `p` prints, line by line, or what is wrong with the module. */
function printed(module: string, prints = true): readonly string[] {
  const lines: string[] = [];
  try {
    const sources = [{ file: "t.rego", text: `package t\n${module}` }];
    const policy = compile(sources, { builtins: allBuiltins, prints });
    policy.prepare("data.t.p").evaluate(undefined, { host: { print: (line) => lines.push(line) } });
    return lines;
  } catch (error) {
    if (error instanceof RegoDiagnostics) return error.diagnostics.map(({ message }) => message);
    throw error;
  }
}

function check(module: string, lines: readonly string[]): void {
  assert.deepEqual(printed(module), lines, module);
}

test("prints operands side by side, one that is undefined too", () => {
  check(`p if print("a", input.x, {"k": 1})`, [`a <undefined> {"k": 1}`]);
  check(`p if print()`, [""]);
  check(`p if { q; print("after") }\nq := false`, []);
});

test("prints a line for every choice of values", () => {
  check(`p if print("x", {1, 2}[x], x)`, ["var x is undeclared", "var x is undeclared"]);
  check(`p if { some x in [1, 2]; print(x); x > 1 }`, ["1", "2"]);
  check(`q contains 1\nq contains 2\np if { print(q) }`, ["{1, 2}"]);
});

test("prints inside of functions, comprehensions, every and negations", () => {
  check(`f(x) := y if { y := x + 1; print("f", x, y) }\np := f(1)`, ["f 1 2"]);
  check(`p := [x | some x in [1, 2]; print(x)]`, ["1", "2"]);
  check(`p if { every k, x in [7] { print(k, x) } }`, ["0 7"]);
  check(`p if { not q }\nq if { print("in"); false }`, ["in"]);
});

test("refuses variables that nothing before has bound", () => {
  check("p if print(y)", ["var y is undeclared"]);
  check("p if print([1][_])", ["var _ is undeclared"]);
});

test("is as if it were not there where nobody asked for it", () => {
  assert.deepEqual(printed("p if { print(y) }", false), []);
  assert.deepEqual(printed("p := [x | x := 1; print(y)]", false), []);
});
