import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { checkLine, checkRefusal, checkValue } from "../formats.testing.ts";
import { findFormat, getFormat } from "../index.ts";

test("the format of a file is known by its name", () => {
  for (const [path, expected] of [
    ["a/b.yaml", "yaml"],
    ["B.YML", "yaml"],
    ["a.json", "json"],
    ["Cargo.toml", "toml"],
    ["main.tf", "hcl2"],
    ["x.tfvars", "hcl2"],
    ["x.hcl", "hcl2"],
    ["a/Dockerfile", "dockerfile"],
    ["Dockerfile.dev", "dockerfile"],
    ["dev.dockerfile", "dockerfile"],
    ["a.ini", "ini"],
    ["a.txt", undefined],
    ["Dockerfiles", undefined],
  ] as const) {
    assert.equal(findFormat(path)?.name, expected, path);
  }
  assert.throws(() => getFormat("xml"), /no format is called xml/);
});

describe("YAML and JSON", () => {
  test("several documents are a list, one is itself", () => {
    checkValue("yaml", "a: 1\n", { a: 1 });
    checkValue("yaml", "a: 1\n---\nb: yes\n", [{ a: 1 }, { b: true }]);
    checkValue("yaml", "---\na: 1\n---\n", { a: 1 });
    checkValue("yaml", "", null);
    checkValue("json", '[{"a": 1.50}]', [{ a: 1.5 }]);
    checkRefusal("yaml", "a: [", /yaml: line 1/);
    checkRefusal("json", "{a: 1}", /not JSON/);
  });

  test("every value has the line of its key, or of itself in a list", () => {
    const text = "kind: Pod\nspec:\n  containers:\n    - name: a\n      image: b\n    - name: c\n";
    checkLine("yaml", text, [], 1);
    checkLine("yaml", text, ["spec"], 2);
    checkLine("yaml", text, ["spec", "containers", 0, "image"], 5);
    checkLine("yaml", text, ["spec", "containers", 1], 6);
    checkLine("yaml", text, ["spec", "containers", 0, "missing"], 4);
    checkLine("yaml", `${text}---\n\nb: 1\n`, [1], 9);
    checkLine("yaml", `${text}---\n\nb: 1\n`, [1, "b"], 9);
    checkLine("json", '{\n  "a": [\n    1,\n    2\n  ]\n}', ["a", 1], 4);
  });
});

describe("TOML", () => {
  test("tables, dates as Go writes them, integers of any size", () => {
    checkValue("toml", 'a.b = 1\n[[p]]\nn = "x"\n[[p]]\nn = "y"\n', {
      a: { b: 1 },
      p: [{ n: "x" }, { n: "y" }],
    });
    checkValue("toml", "a = 1979-05-27T07:32:00Z\nb = 1979-05-27\nc = 07:32:00\nd = 1979-05-27T07:32:00.5", {
      a: "1979-05-27T07:32:00Z",
      b: "1979-05-27T00:00:00Z",
      c: "0000-01-01T07:32:00Z",
      d: "1979-05-27T07:32:00.5Z",
    });
    checkRefusal("toml", "a = 1\na = 2", /line 2: /);
  });

  test("tables and keys have lines", () => {
    const text = "t = 1\n[a]\nb = 2\n[[p]]\nn = 1\n[[p]]\n'n m' = 2\n";
    checkLine("toml", text, ["t"], 1);
    checkLine("toml", text, ["a", "b"], 3);
    checkLine("toml", text, ["p", 1], 6);
    checkLine("toml", text, ["p", 1, "n m"], 7);
    checkLine("toml", text, ["a", "c"], 2);
  });
});

describe("INI", () => {
  test("values are typed as conftest types them", () => {
    checkValue("ini", "top = 1\n[a]\nx = 1\ny: two # no\nz = true\nw = 1_0\nv = 1.5e3\nu = 0x10\ne =\n", {
      a: { x: 1, y: "two", z: true, w: 10, v: 1500, u: "0x10", e: "" },
    });
    checkValue("ini", '[b "s"]\nk = `a # b`\nl = one \\\n two\nq = \'s\'\n"c=d" = """x ; y"""\n', {
      'b "s"': { k: "a # b", l: "one two", q: "s", "c=d": "x ; y" },
    });
    checkValue("ini", "[a]\n__proto__ = 1\n[DEFAULT]\nq = 1\n", JSON.parse('{"a": {"__proto__": 1}}'));
  });

  test("what is no line of it is refused, with its number", () => {
    checkRefusal("ini", "[a\n", /line 1: a section is not closed/);
    checkRefusal("ini", "[]\n", /line 1: a section has no name/);
    checkRefusal("ini", "[a]\n\nb\n", /line 3: it is neither a section nor key = value/);
    checkRefusal("ini", '[a]\nb = """x\n', /line 2: a quoted value is not closed/);
    checkLine("ini", "; c\n[a]\n\nx = 1\n", ["a", "x"], 4);
  });
});
