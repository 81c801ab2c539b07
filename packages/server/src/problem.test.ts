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

test("a refusal is 403 and an undecided answer 503, whatever their codes", () => {
  const statusOf = (verdict: string): number =>
    problemOf(new CustodyError("gate/rolled-back", "x", { details: { verdict } })).status;
  assert.equal(statusOf("refused"), 403);
  assert.equal(statusOf("undecided"), 503);
});

test("an unreachable database is 503, a full disk 507", () => {
  const statusOf = (code: string): number => problemOf(new CustodyError(code, "x")).status;
  assert.equal(statusOf("postgres/unavailable"), 503);
  assert.equal(statusOf("blobs/disk-full"), 507);
});

test("anything else is an opaque 500 with an id, and nothing of what was thrown", () => {
  for (const thrown of [
    new Error("the password is x"),
    new CustodyError("nobody/knows", "key x"),
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
