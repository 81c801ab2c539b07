import assert from "node:assert/strict";
import { test } from "node:test";

import { findNextStep } from "./next-steps.ts";
import { sigstoreRefusals } from "./reasons.ts";

test("of every refusal it says what to do, and of other rooms' codes nothing", () => {
  for (const code of sigstoreRefusals) assert.ok(findNextStep(code), code);
  for (const code of ["evidence/subject-mismatch", "constructor", ""])
    assert.equal(findNextStep(code), undefined);
});
