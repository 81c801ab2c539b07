import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile } from "../index.ts";
import type { RegoValue } from "../index.ts";
import { Explainer } from "./index.ts";

function check(module: string, input: RegoValue, lines: readonly string[]): void {
  const policy = compile([{ file: "a.rego", text: `package a\n${module}` }], { builtins: allBuiltins });
  const explainer = new Explainer(policy);
  policy.prepare("data.a.p", { followed: true }).evaluate(input, { follow: explainer.visit });
  assert.deepEqual(explainer.lines({ input, data: {} }), lines, module);
}

test("says the value, and the rule that made it", () => {
  check("p := 1 if input.x", { x: true }, ["data.a.p is 1", "  a.rego:2 held: p := 1 if input.x"]);
});

test("says of a rule that did not hold the expression it stopped at, and the input it saw", () => {
  check("p if {\n\tinput.x > 1\n\tinput.y.z > input.x\n}", { x: 2, y: { z: 1 } }, [
    "data.a.p is undefined",
    "  a.rego:2 did not hold: p if { …",
    "    a.rego:4: input.y.z > input.x",
    "      input.y.z is 1",
    "      input.x is 2",
  ]);
});

test("explains the rules that a rule asks for, and functions", () => {
  check("p if q(input.x)\nq(x) if x > 1", { x: 2 }, [
    "data.a.p is true",
    "  a.rego:2 held: p if q(input.x)",
    "data.a.q was called",
    "  a.rego:3 held: q(x) if x > 1",
  ]);
});

test("finds the values of documents with the host that the evaluation had", () => {
  const policy = compile([{ file: "a.rego", text: "package a\np := time.now_ns()" }], {
    builtins: allBuiltins,
  });
  const explainer = new Explainer(policy);
  const host = { now: () => 42n };
  policy.prepare("data.a.p", { followed: true }).evaluate(undefined, { host, follow: explainer.visit });
  const [first] = explainer.lines({ input: undefined, data: {}, host });
  assert.equal(first, "data.a.p is 42");
});
