import assert from "node:assert/strict";
import { test } from "node:test";

import { allBuiltins } from "./builtins/index.ts";
import { compile, EvaluationError, readJson, RegoDiagnostics, writeJson } from "./index.ts";
import type { Backend, RegoValue } from "./index.ts";
import { languageRows } from "./language.testing.ts";
import type { LanguageRow } from "./language.testing.ts";

function answer(
  { module, query = "data.t.p", input, data, version = "v1" }: LanguageRow,
  backend: Backend,
): string {
  try {
    const text = `package t\n${module}`;
    const policy = compile([{ file: "t.rego", text }], { builtins: allBuiltins, version, backend });
    const value = (json: unknown): RegoValue => readJson(JSON.stringify(json));
    const answers = policy.prepare(query).evaluate(input === undefined ? undefined : value(input), {
      ...(data !== undefined && { data: value(data) }),
    });
    const found = answers[0]?.expressions[0]?.value;
    return found === undefined ? "undefined" : writeJson(found);
  } catch (error) {
    if (error instanceof EvaluationError) return error.evaluationCode;
    if (error instanceof RegoDiagnostics) return String(error.diagnostics[0]?.code);
    throw error;
  }
}

for (const [construct, rows] of Map.groupBy(languageRows, (row) => row.construct)) {
  for (const backend of ["javascript", "closures"] as const) {
    test(`${construct}, as ${backend}`, () => {
      for (const row of rows) assert.equal(answer(row, backend), row.want, row.module);
    });
  }
}
