import assert from "node:assert/strict";
import { test } from "node:test";

import {
  findSpiffeId,
  isSpiffeIdOrOther,
  parseSpiffeId,
  parseTrustDomain,
  spiffeIdOf,
  trustDomainOf,
} from "./index.ts";

test("reads ids with and without a path", () => {
  for (const id of ["spiffe://example.org", "spiffe://example.org/a", "spiffe://td_1/a/B.c/d-e"]) {
    assert.equal(parseSpiffeId(id), id);
  }
});

test("refuses what SPIFFE-ID §2 does not allow", () => {
  const wrong = [
    "",
    "spiffe://",
    "spiffe:///a",
    "SPIFFE://example.org/a",
    "https://example.org/a",
    "spiffe://Example.org/a",
    "spiffe://example.org:80/a",
    "spiffe://user@example.org/a",
    "spiffe://example.org/",
    "spiffe://example.org//a",
    "spiffe://example.org/./a",
    "spiffe://example.org/../a",
    "spiffe://example.org/a?b",
    "spiffe://example.org/a#b",
    "spiffe://example.org/%61",
    "spiffe://example.org/.*",
    "spiffe://example.org/a\n",
    `spiffe://example.org/${"a".repeat(2048)}`,
  ];
  for (const id of wrong) {
    assert.throws(() => parseSpiffeId(id), { code: "spiffe/id" }, id);
    assert.equal(findSpiffeId(id), undefined);
  }
});

test("what only passes for an id is told from an id and from other names", () => {
  for (const name of ["spiffe://example.org/a", "https://example.org/spiffe://a", "a@spiffe", ""])
    assert.equal(isSpiffeIdOrOther(name), true, name);
  for (const name of [
    "spiffe:a",
    "SPIFFE://example.org/a",
    " spiffe://example.org",
    "spiffe:///a",
    "spiffe:",
  ])
    assert.equal(isSpiffeIdOrOther(name), false, name);
});

test("builds ids from segments and says their trust domain", () => {
  const id = spiffeIdOf(parseTrustDomain("example.org"), "repository", "hello", "step", "build");
  assert.equal(id, "spiffe://example.org/repository/hello/step/build");
  assert.equal(trustDomainOf(id), "example.org");
  assert.throws(() => spiffeIdOf(parseTrustDomain("example.org"), "a", ""), { code: "spiffe/id" });
});
