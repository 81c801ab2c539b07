import assert from "node:assert/strict";
import { test } from "node:test";

import { applyRules, isSameArtifact, matchesPattern, parseArtifactRule } from "./index.ts";
import type { StepArtifacts } from "./index.ts";

test("matches as Python's fnmatch does: a star runs over slashes", () => {
  const yes = [
    ["*", ""],
    ["*", "a/b"],
    ["build/*", "build/a/b"],
    ["a?c", "abc"],
    ["[a-c]x", "bx"],
    ["[!a-c]x", "dx"],
    ["[]]", "]"],
    ["a[", "a["],
    ["a*b*c", "a--b--b--c"],
  ];
  const no = [
    ["", "a"],
    ["build/*", "builds/a"],
    ["a?c", "ac"],
    ["[a-c]x", "dx"],
    ["[!a-c]x", "ax"],
    ["*.ts", "a.tsx"],
    ["A", "a"],
  ];
  for (const [pattern = "", text = ""] of yes)
    assert.equal(matchesPattern(pattern, text), true, `${pattern} ${text}`);
  for (const [pattern = "", text = ""] of no)
    assert.equal(matchesPattern(pattern, text), false, `${pattern} ${text}`);
});

test("a pattern made to backtrack ends at once", () => {
  assert.equal(matchesPattern(`${"a*".repeat(1000)}b`, "a".repeat(100_000)), false);
});

test("reads the rules of the in-toto specification, keywords in any case", () => {
  assert.deepEqual(parseArtifactRule("match dist/* in build with products in out from compile"), {
    kind: "match",
    pattern: "dist/*",
    sourcePrefix: "build",
    from: "products",
    destinationPrefix: "out",
    step: "compile",
  });
  assert.deepEqual(parseArtifactRule("DISALLOW *"), { kind: "disallow", pattern: "*" });
});

test("refuses what is not a rule", () => {
  const wrong = [
    "",
    "ALLOW",
    "ALLOW a b",
    "MATCH *",
    "MATCH * WITH FROM x",
    "MATCH * WITH PRODUCTS FROM",
    "PERMIT *",
  ];
  for (const text of wrong) assert.throws(() => parseArtifactRule(text), { code: "layout/rule" }, text);
});

const digest = (letter: string) => ({ sha256: letter.repeat(64) });
const compile: StepArtifacts = { materials: [], products: [{ name: "out/a", digest: digest("1") }] };
const steps = new Map([["compile", compile]]);

function codesOf(
  rules: readonly string[],
  own: StepArtifacts,
  list: "materials" | "products" = "materials",
): string[] {
  return applyRules(rules.map(parseArtifactRule), list, own, steps).map(({ code }) => code);
}

test("tells a swapped artifact from an unexpected one and a missing one", () => {
  const rules = ["REQUIRE a", "MATCH * WITH PRODUCTS IN out FROM compile", "DISALLOW *"];
  const with_ = (name: string, letter: string): StepArtifacts => ({
    materials: [{ name, digest: digest(letter) }],
    products: [],
  });
  assert.deepEqual(codesOf(rules, with_("a", "1")), []);
  assert.deepEqual(codesOf(rules, with_("a", "2")), ["layout/artifact-mismatch"]);
  assert.deepEqual(codesOf(rules, with_("b", "1")), [
    "layout/artifact-missing",
    "layout/artifact-unexpected",
  ]);
});

test("REQUIRE with a star wants at least one", () => {
  const own = { materials: [{ name: "out/a", digest: digest("1") }], products: [] };
  assert.deepEqual(codesOf(["REQUIRE out/*", "ALLOW *", "DISALLOW *"], own), []);
  assert.deepEqual(codesOf(["REQUIRE in/*", "ALLOW *", "DISALLOW *"], own), ["layout/artifact-missing"]);
});

test("a second artifact of one name does not hide behind the first", () => {
  const own = {
    materials: [
      { name: "a", digest: digest("1") },
      { name: "a", digest: digest("2") },
    ],
    products: [],
  };
  const rules = ["MATCH * WITH PRODUCTS IN out FROM compile", "DISALLOW *"];
  assert.deepEqual(codesOf(rules, own), ["layout/artifact-mismatch"]);
});

test("knows what was created, modified and deleted", () => {
  const own = {
    materials: [
      { name: "same", digest: digest("1") },
      { name: "changed", digest: digest("1") },
      { name: "gone", digest: digest("1") },
    ],
    products: [
      { name: "same", digest: digest("1") },
      { name: "changed", digest: digest("2") },
      { name: "new", digest: digest("3") },
    ],
  };
  assert.deepEqual(
    codesOf(["CREATE new", "MODIFY changed", "ALLOW same", "DISALLOW *"], own, "products"),
    [],
  );
  assert.deepEqual(codesOf(["CREATE *", "MODIFY *", "DISALLOW *"], own, "products"), [
    "layout/artifact-unexpected",
  ]);
  assert.deepEqual(codesOf(["DELETE gone", "ALLOW [sc]*", "DISALLOW *"], own), []);
});

test("artifacts are the same by a digest that binds, and by no other", () => {
  assert.equal(isSameArtifact({ sha256: "a" }, { sha256: "a", sha1: "b" }), true);
  assert.equal(isSameArtifact({ sha256: "a", sha512: "b" }, { sha256: "a", sha512: "c" }), false);
  assert.equal(isSameArtifact({ sha1: "a" }, { sha1: "a" }), false);
  assert.equal(isSameArtifact({ gitCommit: "a" }, { gitCommit: "a" }), false);
  assert.equal(isSameArtifact({}, {}), false);
});
