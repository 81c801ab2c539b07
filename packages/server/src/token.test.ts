import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { Secret } from "custody/ground";

import { findCredential, isToken, openToken } from "./token.ts";

const directory = await mkdtemp(join(tmpdir(), "custody-token-"));
after(() => rm(directory, { recursive: true, force: true }));

test("makes a token once, for the owner only", async () => {
  const token = await openToken(directory);
  assert.match(token.reveal(), /^[A-Za-z0-9_-]{43}$/);
  assert.equal((await openToken(directory)).reveal(), token.reveal());
  assert.equal((await stat(join(directory, "token"))).mode & 0o777, 0o600);
});

test("does not show itself", () => {
  const token = new Secret("hidden");
  assert.equal(JSON.stringify({ token }).includes("hidden"), false);
  assert.equal(String(token).includes("hidden"), false);
});

test("knows the token from everything else", () => {
  const token = new Secret("right");
  assert.equal(isToken(token, "right"), true);
  for (const wrong of ["", "righ", "right ", "Right", "rightx"])
    assert.equal(isToken(token, wrong), false, wrong);
});

test("reads bearer tokens and basic passwords", () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
  assert.equal(findCredential("Bearer abc"), "abc");
  assert.equal(findCredential(basic("custody:abc")), "abc");
  assert.equal(findCredential(basic("custody:a:b")), "a:b");
  for (const none of [undefined, "", "Digest x", basic("no colon")])
    assert.equal(findCredential(none), undefined);
});
