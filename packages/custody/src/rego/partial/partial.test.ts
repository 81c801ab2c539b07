import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile, RegoFault } from "../index.ts";
import type { RegoValue } from "../index.ts";
import { evaluatePartially } from "./index.ts";
import type { PartialOptions } from "./index.ts";

const module = `package t

default allow := false
allow if input.role == "admin"
allow if { some r in data.roles; r == input.role; input.n > 3 }

p contains x if { some x in input.xs; x > 1 }
r if input.x == 1
r if input.y == 2
q if not r
s := [y | some y in input.ys; y > 1]
f(x) := 1 if x == "a"
f(x) := 2 if x == "b"
u if f(input.z) == 2
w if every k in input.ks { k > 1 }
e := 1 if input.x else := 2
g(x) := y if { y := x + 1 }
h := g(input.a) * 2
low if h < 10
nested if { some i; input.items[i].name == "x"; not bad[i] }
bad contains i if { some i; input.items[i].size > 10 }
obj[k] := v if { some k, v in input.m; v > 0 }
wi if low with input.a as 3
wk if low with input as {"a": 30}
wu if low with input.a as input.b
deny contains msg if { not input.user; msg := "no user" }
deny contains msg if { some r in data.roles; not r in input.roles; msg := sprintf("no %s", [r]) }
default lvl := 1
lvl := 2 if input.x
lv2 if lvl > 1
df(x) := 3 if x > input.q
default df(_) := 0
usedf if df(input.z) == 3
ob := {"a": input.a, "b": {"c": 4}}
st if startswith(input.s, "a")
neg if not startswith(input.s, "a")
late if time.now_ns() > input.t
known contains x if some x in data.roles
deep[x].y contains 1 if some x in input.l
base if data.users[input.user].admin
`;

const policy = compile([{ file: "t.rego", text: module }], { builtins: allBuiltins });
const data = { roles: ["a", "b"], users: { bob: { admin: true }, eve: { admin: false } } };

interface Scene extends PartialOptions {
  readonly input?: RegoValue;
}

/** What is left of a query, the queries before the modules; variables that the compiler made are `L`. */
function left(query: string, { input, ...options }: Scene = {}): string {
  const { queries, support } = evaluatePartially(policy, query, input, { data, ...options });
  const text = [...queries.map((one, i) => `# ${i + 1}\n${one}\n`), ...support].join("");
  return text.replaceAll(/__local\w*?\d+__\d*|\b_\d+_\d*\b/g, "L").trim();
}

function check(query: string, expected: string, scene?: Scene): void {
  assert.equal(left(query, scene), expected.trim(), query);
}

const rows = (title: string, ...cases: readonly (readonly [string, string, Scene?])[]): void =>
  void test(title, () => {
    for (const [query, expected, scene] of cases) check(query, expected, scene);
  });

describe("partial evaluation", () => {
  rows(
    "has nothing left of what is known",
    ["true", "# 1"],
    ["1 = 2", ""],
    ["x = data.roles[_]", '# 1\nx = "a"\n# 2\nx = "b"'],
    ["data.t.known[x]", '# 1\nx = "a"\n# 2\nx = "b"'],
    ["data.t.st", "# 1", { input: { s: "ab" }, unknowns: [] }],
    ["data.t.st", "", { input: { s: "b" }, unknowns: [["data", "x"]] }],
  );
  rows(
    "leaves documents that are unknown, and what is asked of them",
    ["x := input.a; x > 1", "# 1\ninput.a > 1"],
    ["input.a[_] = y", "# 1\ninput.a[L] = y"],
    ["input.x > 1; input.y > 1", "# 1\ninput.y > 1", { input: { x: 2 }, unknowns: [["input", "y"]] }],
    ["data.users[x].admin", "# 1\ndata.users[x].admin", { unknowns: [["data", "users"]] }],
    ["data[x] = y", "# 1\ndata[x] = y", { unknowns: [["data", "none"]] }],
    ["data.t.s", "# 1\n_term_0_0 = [L | L = input.ys[L]; L > 1]\n_term_0_0"],
    ["data.t.w", "# 1\nevery L in input.ks { L > 1 }"],
    ["data.t.base", '# 1\n"bob" = input.user'],
  );
  rows(
    "puts the bodies of rules in their places",
    ["data.t.p[x]", "# 1\nx = input.xs[L]\nx > 1\nx"],
    ["data.t.h = 4", "# 1\n4 = (input.a + 1) * 2"],
    ["data.t.low", "# 1\n(input.a + 1) * 2 < 10"],
    ["data.t.u", '# 1\n"b" = input.z'],
    ["data.t.ob.b.c", "# 1\nL = input.a"],
    ["data.t.ob.a = 1", "# 1\n1 = input.a"],
    [
      "data.t.allow == true",
      '# 1\ninput.role = "admin"\n# 2\n"a" = input.role\ninput.n > 3\n# 3\n"b" = input.role\ninput.n > 3',
    ],
    ["data.t.obj.k", "# 1\ninput.m.k > 0\ninput.m.k"],
  );
  rows(
    "leaves rules where a default or the whole document may be asked for",
    [
      "data.t.lvl = x",
      "# 1\ndata.partial.t.lvl = x\npackage partial.t\n\ndefault lvl := 1\n\nlvl := 2 if input.x",
    ],
    ["data.t.lvl == 2", "# 1\ninput.x"],
    [
      "data.t.p",
      "# 1\ndata.partial.t.p\npackage partial.t\n\np contains L if {\n\tL = input.xs[L]\n\tL > 1\n}",
    ],
    [
      "data.t.usedf",
      "# 1\ndata.partial.t.df(input.z, 3)\npackage partial.t\n\ndefault df(L) := 0\n\ndf(L) := 3 if L > input.q",
    ],
    [
      "data.t.deep.k",
      "# 1\ndata.partial.t.deep.k\npackage partial.t\n\ndeep[L].y contains 1 if L = input.l[L]",
    ],
  );
  rows(
    "leaves whole what excludes each other, and packages",
    ["data.t.e", "# 1\ndata.t.e"],
    ["data.t", "# 1\ndata.t"],
  );
  rows(
    "negates what is left",
    ["data.t.q", "# 1\nnot input.x = 1\nnot input.y = 2"],
    ["not data.t.q", "# 1\ninput.x = 1\n# 2\ninput.y = 2"],
    ["data.t.neg", '# 1\nnot startswith(input.s, "a")'],
    ["not 1 = 1", ""],
    ["not input.x = 1", "", { input: { x: 1 }, unknowns: [["data"]] }],
    [
      "data.t.deny[x]",
      '# 1\nnot input.user\nx = "no user"\n# 2\nnot "a" in input.roles\nx = "no a"\n# 3\nnot "b" in input.roles\nx = "no b"',
    ],
    [
      "data.t.nested",
      '# 1\ninput.items[L].name = "x"\nnot data.partial.__not1_1_3__(L)\n' +
        "package partial\n\n__not1_1_3__(L) if {\n\tinput.items[L].size > 10\n\tL\n}",
    ],
  );
  rows(
    "works out what a `with` makes known, and leaves the rest under it",
    ["data.t.wi", "# 1"],
    ["data.t.wk", ""],
    ["data.t.wu", "# 1\ndata.t.low with input.a as input.b"],
  );
  rows(
    "refers to rules where it is told to",
    [
      "data.t.u",
      "# 1\ndata.partial.t.u = _term_0_0\n_term_0_0\npackage partial.t\n\n" +
        'f(L) := 1 if L = "a"\n\nf(L) := 2 if L = "b"\n\n' +
        "u if {\n\tL = input.z\n\tdata.partial.t.f(L, L)\n\tL = 2\n}",
      { shallowInlining: true },
    ],
    [
      "data.t.low",
      "# 1\ndata.partial.t.h < 10\npackage partial.t\n\nh := L if L = (input.a + 1) * 2",
      { disableInlining: [["data", "t", "h"]] },
    ],
    ["data.roles[x]", "# 1\ndata.roles[x]", { disableInlining: [["data", "roles"]] }],
  );
  rows(
    "leaves what changes from one evaluation to the next",
    ["data.t.late", "# 1\ntime.now_ns() > input.t"],
    ["data.t.late", "# 1\n5 > input.t", { nondeterministicBuiltins: true, host: { now: () => 5n } }],
  );

  test("ends where the work or the result is beyond its limits", () => {
    const many = "[x | some x in numbers.range(1, 1000)][i] > input.n; numbers.range(1, 1000)[j] > input.m";
    const isLimit = (error: unknown): boolean => error instanceof RegoFault && error.code === "rego/limit";
    assert.throws(() => left(many), isLimit);
    assert.throws(() => left(many, { limits: { steps: 1000 } }), isLimit);
  });
});
