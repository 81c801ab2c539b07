import assert from "node:assert/strict";
import { test } from "node:test";

import { CustodyError } from "custody/ground";

import { problemOf } from "./problem.ts";

test("a fault becomes a problem document with its code, thing and next step", () => {
  const fault = new CustodyError("policy/malformed", "the policy is refused", {
    subject: "hello",
    next: "mend it",
  });
  assert.deepEqual(problemOf(fault), {
    type: "urn:custody:problem:policy/malformed",
    title: "the policy is refused",
    status: 422,
    code: "policy/malformed",
    subject: "hello",
    next: "mend it",
  });
});

test("a refusal is 403, an unreachable database 503, a full disk 507", () => {
  const statusOf = (code: string): number => problemOf(new CustodyError(code, "x")).status;
  assert.equal(statusOf("gate/rolled-back"), 403);
  assert.equal(statusOf("source/unsigned"), 403);
  assert.equal(statusOf("postgres/unavailable"), 503);
  assert.equal(statusOf("blobs/disk-full"), 507);
});

test("anything else is an opaque 500 with an id, and nothing of what was thrown", () => {
  for (const thrown of [
    new Error("the password is x"),
    new CustodyError("crypto/key-malformed", "key x"),
    "x",
    null,
  ]) {
    const problem = problemOf(thrown);
    assert.equal(problem.status, 500);
    assert.equal(problem.code, "server/internal");
    assert.match(problem.detail ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(JSON.stringify(problem).includes(" x"), false);
  }
});
