import assert from "node:assert/strict";
import { test } from "node:test";

import { findVectors } from "custody/ground/vectors.testing";

import { runCases } from "./rego.ts";

const directory = findVectors("opa-compliance");
const skip = directory === undefined && "there is no ../shared/vectors/opa-compliance";

for (const backend of ["javascript", "closures"] as const) {
  test(`OPA's own cases pass, as ${backend}`, { skip }, () => {
    const outcomes = runCases(directory ?? "", backend);
    assert.ok(outcomes.length > 1000, "the cases are there");
    const failed = outcomes.filter(({ failure }) => failure !== undefined);
    assert.deepEqual(failed, []);
  });
}
