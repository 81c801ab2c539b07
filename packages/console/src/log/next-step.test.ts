import assert from "node:assert/strict";
import { test } from "node:test";

import { nextStepOf } from "./next-step.ts";

test("the step that fits a code best is the one that is named", () => {
  assert.match(nextStepOf("merkle/range"), /below the size/);
  assert.match(nextStepOf("merkle/tile-forged"), /another network/);
  assert.match(nextStepOf("note/origin"), /shard/);
  assert.match(nextStepOf("note/signature"), /custody trust show/);
  assert.match(nextStepOf("what/ever"), /operator/);
});
