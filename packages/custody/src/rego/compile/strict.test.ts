import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile, RegoDiagnostics } from "../index.ts";

/** What strict mode finds in a module of package `a`: OPA's messages, with their rows. */
function check(module: string, ...expected: readonly string[]): void {
  assert.deepEqual(messages(module, true), expected, module);
}

function messages(module: string, strict: boolean): readonly string[] {
  try {
    compile([{ file: "a.rego", text: `package a\n${module}` }], { builtins: allBuiltins, strict });
    return [];
  } catch (error) {
    if (!(error instanceof RegoDiagnostics)) throw error;
    return error.diagnostics.map(({ message, at }) => `${at?.row}: ${message}`);
  }
}

const unusedArg = (name: string): string =>
  `2: unused argument ${name}. (hint: use _ (wildcard variable) instead)`;

test("variables that are assigned and not used", () => {
  check("p if { x := 1 }", "2: assigned var x unused");
  check("p if {\n\tx := 1\n\ty := x\n}", "4: assigned var y unused");
  check("p if { x := 1; x == 1 }");
  check("p := x if { x := 1 }");
  check("p if { x := 1; [z | z := x] }");
  check("p := [1 | x := 1]", "2: assigned var x unused");
  check("p if { [x, y] := [1, 2]; x }", "2: assigned var y unused");
  check('p if { {"a": x} := input }', "2: assigned var x unused");
  check("p if { _ := 1 }");
  check("p if { x = 1 }");
});

test("arguments that no branch uses", () => {
  check("f(x) := 1", unusedArg("x"));
  check("f(x, y) := x", unusedArg("y"));
  check("f([x, y]) := x", unusedArg("y"));
  check('f({"a": x}) := 1', unusedArg("x"));
  check("f(_) := 1");
  check("f(x, x) := 1");
  check("f(x) := 1 if { true } else := x");
  check("f(x, y) := 1 if { x } else := 2 if { y }");
  check("f(x) := [x | x := 1]", unusedArg("x"));
  check("default f(_) := 1\nf(x) := x");
});

test("imports that nothing uses", () => {
  check("import data.foo\np := 1", "2: import data.foo unused");
  check("import data.foo as bar\np := 1", "2: import data.foo as bar unused");
  check("import input.x\np if x");
  check("import rego.v1\np := 1");
  check("import data.foo\np if { foo := 1; foo }", "2: import data.foo unused");
  check("import data.foo\np if { x := 1 }", "2: import data.foo unused");
});

test("of a rule with other mistakes only these are told", () => {
  check("p if { x := 1; x := 2 }", "2: var x assigned above");
  check("p if { x := {y | y := 1; z := 2} }", "2: assigned var z unused");
});

test("nothing of that is a mistake otherwise", () => {
  for (const module of ["p if { x := 1 }", "f(x) := 1", "import data.foo\np := 1"]) {
    assert.deepEqual(messages(module, false), [], module);
  }
});

test("a rule's body may not declare its arguments anew, strict or not; what is nested in it may", () => {
  for (const module of [
    "f(x) := 1 if { x := 2 }",
    "f(x) := 1 if { some x in [1]; x }",
    "f([x, _]) := 1 if { x := 2 }",
    "f(x) := x if { x } else := 2 if { x := 1; x }",
  ]) {
    assert.deepEqual(messages(module, false), ["2: arg x redeclared"], module);
  }
  assert.deepEqual(messages("f(x) := [y | some x in [1]; y := x]", false), []);
});
