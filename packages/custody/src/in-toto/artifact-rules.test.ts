import assert from "node:assert/strict";
import { test } from "node:test";

import { findArtifactRule } from "custody/evidence";

import type { Artifacts, LinkArtifacts } from "./artifact-rules.ts";
import { findRuleFailure } from "./artifact-rules.ts";

const artifacts = (text: string): Artifacts =>
  Object.fromEntries(
    text
      .split(" ")
      .filter((word) => word !== "")
      .map((word) => word.split("=") as [string, string])
      .map(([path, sha256]) => [path, { sha256 }]),
  );

interface Own {
  readonly materials?: string;
  readonly products?: string;
}

const other: LinkArtifacts = {
  materials: artifacts("in=1"),
  products: artifacts("foo.py=1 bar.py=2 dist/foo.py=1 dist/deep/x=3"),
};

/** Whether rules, one a line, hold of the products of a step; `undefined` or why not. */
function check(rules: string, { materials = "", products = "" }: Own, expected?: RegExp): void {
  const lines = rules === "" ? [] : rules.split("\n");
  const parsed = lines.map((line) => findArtifactRule(line.split(" ")));
  assert.ok(
    parsed.every((rule) => rule !== undefined),
    rules,
  );
  const own = { materials: artifacts(materials), products: artifacts(products) };
  const failure = findRuleFailure(parsed, "products", own, new Map([["other", other]]));
  if (expected) assert.match(failure ?? "it holds", expected, rules);
  else assert.equal(failure, undefined, rules);
}

const both = { materials: "same=1 changed=1 gone=1", products: "same=1 changed=2 new=3" };

test("create, modify, delete, allow and disallow", () => {
  check("CREATE new\nMODIFY changed\nALLOW same\nDISALLOW *", both);
  check("CREATE changed\nDISALLOW changed", both, /^DISALLOW changed: among the products is changed$/);
  check("MODIFY same\nDISALLOW same", both, /DISALLOW same/);
  check("ALLOW *\nDISALLOW *", both);
  check("DISALLOW gone", both);
  check("", { products: "" });
  check("ALLOW *.py", { products: "a.txt=1" });
  check("ALLOW *.py\nDISALLOW *", { products: "a.txt=1" }, /a\.txt/);
});

test("require takes a path, not a pattern, and explains nothing", () => {
  check("REQUIRE new\nDISALLOW new", both, /^DISALLOW new/);
  check("REQUIRE nowhere", both, /^REQUIRE nowhere: it is not among the products$/);
  check("REQUIRE n*", both, /REQUIRE n\*/);
  check("ALLOW new\nREQUIRE new", both, /REQUIRE new/);
});

test("match compares path and digests with another step's, below prefixes", () => {
  check("MATCH * WITH PRODUCTS FROM other\nDISALLOW *", { products: "foo.py=1 bar.py=2" });
  check("MATCH foo.py WITH PRODUCTS FROM other\nDISALLOW *", { products: "foo.py=2" }, /foo\.py/);
  check("MATCH * WITH MATERIALS FROM other\nDISALLOW *", { products: "in=1" });
  check("MATCH * WITH MATERIALS FROM other\nDISALLOW *", { products: "foo.py=1" }, /foo\.py/);
  check("MATCH * WITH PRODUCTS FROM nobody\nDISALLOW *", { products: "foo.py=1" }, /foo\.py/);
  check("MATCH * WITH PRODUCTS IN dist FROM other\nDISALLOW *", { products: "foo.py=1" });
  check("MATCH * IN src WITH PRODUCTS FROM other\nDISALLOW *", { products: "src/foo.py=1" });
  check("MATCH * IN src/ WITH PRODUCTS IN dist/ FROM other\nDISALLOW *", { products: "src/deep/x=3" });
  check("MATCH * IN src WITH PRODUCTS FROM other\nDISALLOW *", { products: "srcs/foo.py=1" }, /srcs/);
  check("match foo.py with products from other\ndisallow *", { products: "foo.py=1" });
});

test("patterns are the shell's: a star goes over slashes, and sets are negated by an exclamation mark", () => {
  check("ALLOW d*/x\nDISALLOW *", { products: "dist/deep/x=1" });
  check("ALLOW [!a].py\nDISALLOW *", { products: "b.py=1" });
  check("ALLOW [!a].py\nDISALLOW *", { products: "a.py=1" }, /a\.py/);
  check("ALLOW [^a].py\nDISALLOW *", { products: "b.py=1" }, /b\.py/);
  check("ALLOW ?.py\nDISALLOW *", { products: "ab.py=1" }, /ab\.py/);
  check("ALLOW [a.py\nDISALLOW *", { products: "[a.py=1" });
});

test("an artifact without a digest, or with other algorithms, is nobody's", () => {
  const rules = ["MATCH * WITH PRODUCTS FROM x", "DISALLOW *"].map((line) =>
    findArtifactRule(line.split(" ")),
  );
  for (const [a, b] of [
    [{}, {}],
    [{ sha256: "1" }, { sha512: "1" }],
    [{ sha256: "1" }, { sha256: "1", sha512: "2" }],
  ] as const) {
    const own = { materials: {}, products: { p: a } };
    const links = new Map([["x", { materials: {}, products: { p: b } }]]);
    assert.match(findRuleFailure(rules as never, "products", own, links) ?? "", /DISALLOW/);
  }
  const inherited = { materials: {}, products: artifacts("constructor=1") };
  assert.match(
    findRuleFailure(rules as never, "products", inherited, new Map([["x", other]])) ?? "",
    /DISALLOW/,
  );
});

test("what is no rule is none", () => {
  for (const text of [
    "",
    "ALLOW",
    "ALLOW a b",
    "PERMIT *",
    "MATCH a",
    "MATCH a WITH PRODUCTS",
    "MATCH a WITH THINGS FROM x",
    "MATCH a WITH PRODUCTS FROM x y",
    "MATCH a IN WITH PRODUCTS FROM x y",
  ]) {
    assert.equal(findArtifactRule(text.split(" ")), undefined, text);
  }
});
