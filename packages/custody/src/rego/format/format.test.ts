import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { assert as check, integer, property } from "fast-check";

import { allBuiltins } from "../builtins/index.ts";
import { randomPolicy } from "../random-policy.testing.ts";
import { moduleJson, parseModule, RegoDiagnostics } from "../syntax/index.ts";
import { writeJson } from "../values/index.ts";
import { formatModule } from "./index.ts";
import type { FormatOptions } from "./index.ts";
import { commentRows } from "./layout-comments.testing.ts";
import { moduleRows } from "./layout-modules.testing.ts";
import { termRows } from "./layout-terms.testing.ts";

const layoutRows = [...moduleRows, ...termRows, ...commentRows];

function format(text: string, options: FormatOptions = {}): string {
  return formatModule({ file: "t.rego", text }, { builtins: allBuiltins, ...options });
}

/** The tree, but for what `:= true` at a key leaves in it: the layout drops that. */
function treeOf(text: string): string {
  const tree = writeJson(moduleJson(parseModule({ file: "t.rego", text })));
  return tree.replaceAll(/"(?:assign":true|name":"\w+"),/g, "");
}

describe("modules are laid out as opa fmt lays them out", () => {
  for (const { title, from, to, options } of layoutRows) {
    test(title, () => assert.equal(format(from, options), to));
  }
});

test("what is laid out stays as it is", () => {
  for (const { title, to, options } of layoutRows) {
    assert.equal(format(to, options), to, title);
  }
});

test("comments after one that stands in the way are kept, where opa fmt loses them", () => {
  const rows: readonly [string, readonly string[]][] = [
    ["package a\np if x == {\n # b\n 1}\n\n# c\nq := 1", ["# b", "# c"]],
    [
      "package a\np if {\n f({\n # b\n 1})\n # c\n y # d\n # e\n}\n# f\nq := 1",
      ["# b", "# c", "# d", "# e", "# f"],
    ],
  ];
  for (const [from, comments] of rows) {
    for (const comment of comments) assert.ok(format(from).includes(comment), format(from));
    assert.equal(format(format(from)), format(from));
  }
});

test("a comprehension keeps its value, where opa fmt writes the key twice", () => {
  assert.equal(format('package a\np := {"k": "v" | true}'), 'package a\n\np := {"k": "v" | true}\n');
});

// What stands directly below a rule with `else` is only then apart from it: opa fmt, too, needs two runs.
test("random policies keep their meaning, and stay as they are after two runs", () => {
  check(
    property(integer({ min: 1, max: 2_147_483_647 }), (seed) => {
      // A member that comes twice in a set is written once, and a body that is true not at all: there are none here.
      const module = randomPolicy(seed)
        .module.replaceAll(/\{([^{},]+), \1\}/g, "{$1}")
        .replaceAll("if { true }", "if { input.on }");
      const once = format(module);
      const twice = format(once);
      assert.equal(format(twice), twice, module);
      assert.equal(treeOf(once), treeOf(module), module);
    }),
    { numRuns: 300 },
  );
});

test("what is no module, or none of its language, is refused", () => {
  const rows: readonly [string, FormatOptions, RegExp][] = [
    ["package a\np {", {}, /t\.rego:2: rego_parse_error: /],
    ["package a\np { true }", {}, /`if` keyword is required before rule body/],
    ["package a\nimport data.b\nimport input.b", {}, /import must not shadow import data\.b/],
    ["package a\ninput := 1", {}, /rules must not shadow input/],
    ["package a\np if any([true])", {}, /deprecated built-in function calls in expression: any/],
    ["package a\nif := 1", { version: "v0", target: "v0v1" }, /if keyword cannot be used for rule name/],
    ['package a\np = $"a"', { version: "v0" }, /template strings are not supported/],
    ["package a\np if plus(1)", {}, /rego_type_error: plus: arity mismatch\n\thave: \(number\)/],
    ["package a\np if internal.member_2(1)", {}, /internal\.member_2: arity mismatch/],
  ];
  for (const [text, options, message] of rows) {
    assert.throws(
      () => format(text, options),
      (error) => error instanceof RegoDiagnostics && message.test(error.message),
      text,
    );
  }
});

test("a module that nests too deep is refused", () => {
  assert.throws(() => format(`package a\np := ${"[".repeat(5000)}`), /max parsing recursion depth exceeded/);
});
