import assert from "node:assert/strict";
import { test } from "node:test";

import type { Parameters } from "../parameters.ts";
import { resolveParameters, substitute, substituteInCel } from "./parameters.ts";

function check(text: string, given: Parameters, expected: string | RegExp): void {
  for (const put of [substitute, substituteInCel]) {
    if (typeof expected === "string") assert.equal(put(text, resolveParameters(given)), expected);
    else assert.throws(() => put(text, resolveParameters(given)), expected);
  }
}

test("parameters are put in, those that their values name too", () => {
  check("a {x} b {x}", { x: "1" }, "a 1 b 1");
  check("{full}", { full: "{owner}/{name}", owner: "o", name: "n" }, "o/n");
  check("{deep}", { deep: "{full}", full: "{owner}", owner: "o" }, "o");
  check("no braces", {}, "no braces");
});

test("braces that are no parameter stay", () => {
  check("{} {a b} {'k': 1}", {}, "{} {a b} {'k': 1}");
  check("matches('^[0-9]{3}$')", { x: "1" }, "matches('^[0-9]{3}$')");
});

test("a parameter that nobody gave, or that names itself, is none", () => {
  check("{x}", {}, /parameter x/);
  check("{constructor}", {}, /parameter constructor/);
  check("{a}", { a: "{b}" }, /parameter b/);
  check("{a}", { a: "x{b}", b: "{a}" }, /names itself/);
  const doubling = Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`p${i}`, `{p${i + 1}}`.repeat(9)]),
  );
  check("{p0}", { ...doubling, p8: "x" }, /too long/);
});

test("in a rule in CEL no value ends the text that it stands in", () => {
  for (const value of ["a' || true || '", 'a"', "a\\", "a\n", "a`"]) {
    const parameters = { x: value };
    assert.throws(() => substituteInCel("predicate.a == '{x}'", parameters), /quote/);
    assert.equal(substitute("{x}", parameters), value);
  }
});
