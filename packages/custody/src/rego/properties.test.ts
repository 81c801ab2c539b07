import assert from "node:assert/strict";
import { test } from "node:test";

import { assert as check, array, integer, property, string } from "fast-check";

import { allBuiltins } from "./builtins/index.ts";
import { compile, EvaluationError, objectOf, RegoDiagnostics, writeJson } from "./index.ts";
import type { Backend, RegoValue } from "./index.ts";
import { randomData, randomInput, randomPolicy } from "./random-policy.testing.ts";

const seeds = integer({ min: 1, max: 2_147_483_647 });

function outcome(module: string, query: string, backend: Backend = "javascript", times = 1): string {
  try {
    const policy = compile([{ file: "t.rego", text: module }], { builtins: allBuiltins, backend });
    const prepared = policy.prepare(query);
    const answers = Array.from({ length: times }, () =>
      writeJson(prepared.evaluate(randomInput, { data: randomData }).map(({ bindings }) => bindings)),
    );
    assert.equal(new Set(answers).size, 1, "one evaluation is like the other");
    return answers[0] ?? "";
  } catch (error) {
    if (error instanceof EvaluationError) return error.evaluationCode;
    if (error instanceof RegoDiagnostics) return String(error.diagnostics[0]?.code);
    throw error;
  }
}

test("both back ends give the same answers, again and again", () => {
  check(
    property(seeds, (seed) => {
      const { module } = randomPolicy(seed);
      assert.equal(
        outcome(module, "data.t = x", "closures", 2),
        outcome(module, "data.t = x", "javascript", 2),
        module,
      );
    }),
    { numRuns: 300 },
  );
});

test("random policies are policies: most of them have an answer", () => {
  const answers = Array.from({ length: 200 }, (_, i) =>
    outcome(randomPolicy(i * 7919 + 1).module, "data.t = x"),
  );
  assert.ok(answers.filter((answer) => answer.startsWith("[{")).length > 50);
});

test("what is replaced by `with` is so for one expression only", () => {
  check(
    property(seeds, (seed) => {
      const { module, rules } = randomPolicy(seed);
      const plain = outcome(module, "data.t = x");
      const asked = rules.map(
        (name) => `y_${name} := [1 | data.t.${name} with input as {"n": 7} with data.base as {}]`,
      );
      const after = outcome(module, [...asked, "data.t = x"].join("; "));
      if (plain.startsWith("[{") && after.startsWith("[{")) {
        const rest = JSON.parse(after) as Record<string, unknown>[];
        assert.deepEqual(
          rest.map(({ x }) => ({ x })),
          JSON.parse(plain),
        );
      }
    }),
    { numRuns: 150 },
  );
});

/** Texts that would do harm if they became code. */
const hostile = [
  '"; throw 1; "',
  "`${process.exit(1)}`",
  "*/ throw 1 //",
  "\u2028throw 1",
  "__proto__",
  "\\",
  "'",
  "${1}",
  "</script>",
];

test("no text of a policy becomes code", () => {
  check(
    property(array(string({ unit: "binary" }), { minLength: 1, maxLength: 4 }), (texts) => {
      for (const text of [...texts.map((one) => one.toWellFormed().replaceAll("\0", "")), ...hostile]) {
        const key = JSON.stringify(text);
        const module = `package t\nx[${key}] := ${key}\ny := {${key}: input[${key}]}\nz := [${key}] if data.t.x[${key}] == ${key}`;
        const policy = compile([{ file: text, text: module }], { builtins: allBuiltins });
        const input = objectOf([[text, 1]]) as RegoValue;
        const [answer] = policy.prepare("a = data.t.x; b = data.t.y; c = data.t.z").evaluate(input);
        const wanted = { a: objectOf([[text, text]]), b: objectOf([[text, 1]]), c: [text] };
        assert.equal(writeJson(answer?.bindings ?? null), writeJson(wanted));
      }
    }),
    { numRuns: 60 },
  );
});
