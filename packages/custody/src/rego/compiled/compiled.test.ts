import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "../builtins/index.ts";
import { compile, EvaluationError, RegoDiagnostics, writeJson } from "../index.ts";
import type { RegoValue } from "../index.ts";
import { randomData, randomInput, randomPolicy } from "../random-policy.testing.ts";
import { openCompiled } from "./index.ts";
import type { CompiledModule } from "./index.ts";

async function load(text: string): Promise<CompiledModule> {
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as CompiledModule;
}

/** What the policy says when it is compiled here, and when it was compiled ahead of time. */
async function bothWays(module: string, input: RegoValue): Promise<[string, string]> {
  const policy = compile([{ file: "t.rego", text: module }], { builtins: allBuiltins });
  const loaded = openCompiled(await load(policy.toModule()), allBuiltins);
  const ask = (documents: ReturnType<typeof policy.prepareDocuments>): string => {
    try {
      const found = documents.find(["t"], input, { data: randomData, strictBuiltinErrors: true });
      return found === undefined ? "undefined" : writeJson(found);
    } catch (error) {
      if (error instanceof EvaluationError) return `${error.evaluationCode} ${JSON.stringify(error.at)}`;
      throw error;
    }
  };
  return [ask(policy.prepareDocuments()), ask(loaded)];
}

test("random policies answer as they do when they are compiled on the spot", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const { module } = randomPolicy(seed * 7919);
    try {
      const [here, ahead] = await bothWays(module, randomInput);
      assert.equal(ahead, here, module);
    } catch (error) {
      if (!(error instanceof RegoDiagnostics)) throw error;
    }
  }
});

const values = String.raw`package t
set := {1, "a", [2], {"k": null}, {3}}
map := {1: "one", [2]: "two", "__proto__": 5, {true}: 7.50}
digits := 123456789012345678901234567890.25
text := "back\\slash \"quote\" \u2028 </script> ${"$"}{x}"
wide := sprintf("%d %s", [12, "x"])
level := "low" if input.n == 1
else := "mid" if input.n == 2
else := "big" if input.n == 18446744073709551617
kind := "a" if input.k == "a"
kind := "b" if input.k == "b"
kind := "huge" if input.k == 123456789012345678901234567890
kind := "none" if input.k == null
mocked := x if x := count([1]) with count as 7
broken if 1 / input.zero`;

for (const input of [{ n: 1, k: "a" }, { n: 2, k: null }, { k: "z" }, { k: "b", zero: 0 }] as const) {
  test(`every form of constant and index comes through, for ${JSON.stringify(input)}`, async () => {
    const [here, ahead] = await bothWays(values, input);
    assert.equal(ahead, here);
    assert.match(
      here,
      "zero" in input ? /^eval_builtin_error .*"row":15/ : /"digits":123456789012345678901234567890.25/,
    );
  });
}

test("says which builtin it is not given, and refuses a module of another format", async () => {
  const policy = compile([{ file: "t.rego", text: "package t\nn := count(input)" }], {
    builtins: allBuiltins,
  });
  const module = await load(policy.toModule());
  assert.throws(() => openCompiled(module, []), { code: "rego/capability", message: /count/ });
  const older = { ...module, tables: { ...module.tables, format: 0 } };
  assert.throws(() => openCompiled(older, allBuiltins), { code: "rego/compiled" });
});
