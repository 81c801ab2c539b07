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

test("the status is that of the longest prefix that is listed", () => {
  const rows = { "git/bundle": 422, "git/unreadable": 500, "policy/none": 404, "policy/malformed": 422 };
  for (const [code, status] of Object.entries(rows)) {
    assert.equal(problemOf(new CustodyError(code, "x")).status, status, code);
  }
});

test("what the HTTP library refuses gets a code of ours and a next step", () => {
  const rows = { 400: "api/request", 413: "api/too-large", 415: "api/media-type" };
  for (const [status, code] of Object.entries(rows)) {
    const refusal = Object.assign(new Error("no"), { statusCode: Number(status), code: "FST_X" });
    const problem = problemOf(refusal);
    assert.deepEqual([problem.status, problem.code], [Number(status), code]);
    assert.ok(problem.next);
  }
});
