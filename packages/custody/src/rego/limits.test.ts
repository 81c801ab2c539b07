import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "./builtins/index.ts";
import { compile, readJson, writeJson } from "./index.ts";
import type { EvaluateOptions, RegoValue } from "./index.ts";

const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

function ask(module: string, input?: RegoValue, options: EvaluateOptions = {}): RegoValue | undefined {
  const policy = compile([{ file: "p.rego", text: `package p\n${module}` }], { builtins: allBuiltins });
  return policy.prepare("data.p.x").evaluate(input, options)[0]?.expressions[0]?.value;
}

test("an evaluation ends when its steps are used up, and says so", () => {
  const endless = "x := count([1 | some a in numbers.range(1, 10000); some b in numbers.range(1, 100000)])";
  assert.throws(() => ask(endless, undefined, { limits: { steps: 100_000 } }), { code: "rego/limit" });
});

test("an evaluation ends at its deadline", () => {
  const endless = "x := count([1 | some a in numbers.range(1, 10000); some b in numbers.range(1, 100000)])";
  let looks = 0;
  const limits = { isOver: () => ++looks > 10 };
  assert.throws(() => ask(endless, undefined, { limits }), { code: "rego/limit", message: /deadline/ });
});

test("what nests without end is a limit, not a crash", () => {
  assert.throws(() => ask("x if input.a == input.b", readJson(`{"a":${deep},"b":${deep}}`)), {
    code: "rego/limit",
  });
  assert.throws(() => writeJson(readJson(deep)), { code: "rego/limit" });
  assert.throws(() => ask(`x := ${Array.from({ length: 5000 }, () => "1").join(" + ")}`), {
    code: "rego/limit",
  });
});

test("thousands of rules are compiled in time linear in them", () => {
  const chain = Array.from({ length: 3000 }, (_, i) => `r${i + 1} := r${i} + 1`).join("\n");
  const start = performance.now();
  assert.throws(() => ask(`r0 := 1\n${chain}\nx := r3000`, undefined, { limits: { steps: 10 } }), {
    code: "rego/limit",
  });
  assert.ok(performance.now() - start < 10_000);
});

test("a pattern made to backtrack does not", () => {
  const start = performance.now();
  assert.equal(ask("x if regex.match(`^(a+)+$`, input)", `${"a".repeat(5000)}!`), undefined);
  assert.ok(performance.now() - start < 5000);
});

test("huge integers keep their digits", () => {
  const digits = "9".repeat(1000);
  assert.equal(writeJson(ask("x := input + 1", readJson(digits)) ?? null), `1${"0".repeat(1000)}`);
});

test("names of prototypes are names", () => {
  const module =
    '__proto__ := 1\nconstructor := {"__proto__": 2, "toString": 3}\nx := [data.p["__proto__"], data.p.constructor["__proto__"], constructor.toString, input.hasOwnProperty]';
  assert.equal(ask(module, {}), undefined);
  assert.equal(writeJson(ask(module.replace(", input.hasOwnProperty", ""), {}) ?? null), "[1,2,3]");
});

test("builtins that need the world are denied where there is none", () => {
  for (const call of [
    "time.now_ns()",
    "rand.intn(`a`, 5)",
    'http.send({"method": "get", "url": "http://127.0.0.1/"})',
    'net.lookup_ip_addr("localhost")',
  ]) {
    assert.throws(
      () => ask(`x := ${call}`, undefined, { strictBuiltinErrors: true }),
      { code: "rego/builtin" },
      call,
    );
    assert.equal(ask(`x := ${call}`), undefined, call);
  }
});
