import { describe, test } from "node:test";

import { checkLine, checkRefusal, checkValue } from "../formats.testing.ts";

/** The value of an attribute. */
function checkExpression(source: string, expected: unknown): void {
  checkValue("hcl2", `a = ${source}\nb = 1\n`, { a: expected, b: 1 });
}

test("blocks are lists below their types and labels", () => {
  checkValue(
    "hcl2",
    'resource "a" "b" {\n  n { x = 1 }\n  n { x = 2 }\n  e {}\n}\nresource "a" "c" {}\nlocals {\n}\nlocals { y = 1 }\nt l "m" {}\n',
    {
      resource: { a: { b: [{ n: [{ x: 1 }, { x: 2 }], e: [{}] }], c: [{}] } },
      locals: [{}, { y: 1 }],
      t: { l: { m: [{}] } },
    },
  );
  checkValue("hcl2", "# c\n// d\n/* e\n */ a = 1 # f\n/* g */ b=2\r\n", { a: 1, b: 2 });
});

describe("expressions", () => {
  test("literals, lists and objects are values", () => {
    for (const [source, expected] of [
      ['"x"', "x"],
      ["1.5e3", 1500],
      ["-1", -1],
      ["!true", false],
      ["null", null],
      ['[1, "two", [true, null],\n]', [1, "two", [true, null]]],
      ['{ a = 1, "b" : 2\n c = { d = e.f } }', { a: 1, b: 2, c: { d: "${e.f}" } }],
      ["{ (var.c) = 3, d.e = 1, 1 = 2 }", { "${(var.c)}": 3, "d.e": 1, "1": 2 }],
      ["{}", {}],
      ["[]", []],
    ] as const) {
      checkExpression(source, expected);
    }
  });

  test("what is to be computed stays as it is written", () => {
    for (const source of [
      "var.a",
      "1 + 2",
      "-a",
      "(1)",
      "a[0][*].c",
      'c ? "a" : "b"',
      "[for s in var.l : upper(s)]",
      '{ for k, v in m : k => v if v != "" }',
      'f("a", {\n  b = 1\n})',
      "a == b && c != d || !e",
      "f(b, c...)",
      "(b ?\n c : d)",
    ]) {
      checkExpression(source, `\${${source}}`);
    }
  });

  test("texts keep what is interpolated, and lose their escapes", () => {
    checkExpression(String.raw`"a\n\"q\" \u00e9 \\ \t"`, 'a\n"q" é \\ \t');
    checkExpression(
      '"a ${b} ${ c } $${d} %{ if e }f%{ endif } 100% $"',
      "a ${b} ${c} $${d} %{if e}f%{endif} 100% $",
    );
    checkExpression('"${f("x", "}")}"', '${f("x", "}")}');
    checkExpression("<<E\none ${a}\n  two\nE", "one ${a}\n  two\n");
    checkExpression("<<-E\n    one\n      two\n\n    E", "one\n  two\n\n");
  });
});

test("what is no HCL is refused, with its line", () => {
  for (const [text, reason] of [
    ["a = ", /line 1: a value is wanted/],
    ["\na = 1\na = 2", /line 3: a is there twice/],
    ["a {\n", /line 2: a block is not closed/],
    ["a = 1\n}\n", /line 2: a name is wanted, not \}/],
    ['"a" = 1', /line 1: a name is wanted/],
    ["a = 1 b = 2", /line 1: an operator or an end of line is wanted/],
    ["a = 1 b", /line 1: an operator or an end of line is wanted/],
    ["a = [1, 2\n", /line 2: , or \] is wanted/],
    ['a = "x\n"', /line 1: a text does not end/],
    ['a = "${b"\n', /line 1: a text does not end/],
    [String.raw`a = "\q"`, /line 1: a backslash escapes nothing/],
    ["a = <<E\nx\n", /line 1: the here-document E does not end/],
    ["a = (1", /line 1: a bracket is not closed/],
    ["a = 1 )", /line 1: \) closes nothing/],
    ["/* a", /line 1: a comment does not end/],
    ["a b", /line 1: = or \{ is wanted after a/],
    ['a "b" { c = 1 }\na { c = 2 }', /line 2: a is an attribute and a block, or has other labels/],
    ["a { b = 1\n c = 2 }", /line 2: a block on one line has one argument|line 1: a block on one line/],
    [`a = ${"[".repeat(500)}`, /it nests too deep/],
    [`a = ${"(".repeat(500)}`, /it nests too deep/],
    ["a {\n".repeat(500), /it nests too deep/],
  ] as const) {
    checkRefusal("hcl2", text, reason);
  }
});

test("blocks, attributes and what objects and lists hold have lines", () => {
  const text =
    'resource "a" "b" {\n  x = 1\n  tags = {\n    y = 2\n  }\n}\nresource "a" "c" {\n  l = [\n    1,\n    2,\n  ]\n}\n';
  checkLine("hcl2", text, ["resource", "a", "b", 0, "x"], 2);
  checkLine("hcl2", text, ["resource", "a", "b", 0, "tags", "y"], 4);
  checkLine("hcl2", text, ["resource", "a", "c"], 7);
  checkLine("hcl2", text, ["resource", "a", "c", 0, "l", 1], 10);
  checkLine("hcl2", text, ["nothing"], 1);
});
