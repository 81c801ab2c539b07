import assert from "node:assert/strict";
import { test } from "node:test";

import { parseSpiffeId } from "custody/spiffe";
import * as v from "valibot";

import type { Functionary } from "./functionary.ts";
import { describeFunctionary, functionaryKey, functionaryShape, isFunctionary } from "./functionary.ts";

const own = parseSpiffeId("spiffe://example.org/gate");
const outside: Functionary = { identity: "https://ci.test/job", issuer: "https://issuer.test" };

test("a signer is the functionary only by the same name from the same voucher", () => {
  const rows: readonly (readonly [Functionary, string, string, boolean])[] = [
    [own, "spiffe://example.org/gate", "spiffe://example.org", true],
    [own, "spiffe://example.org/gate", "https://issuer.test", false],
    [own, "spiffe://example.org/gate", "spiffe://example.com", false],
    [own, "spiffe://example.org/gate", "", false],
    [own, "spiffe://example.org/gate2", "spiffe://example.org", false],
    [outside, "https://ci.test/job", "https://issuer.test", true],
    [outside, "https://ci.test/job", "https://other.test", false],
    [outside, "https://ci.test/job/", "https://issuer.test", false],
    [outside, "https://ci.test/job", "https://issuer.test/", false],
    [{ ...outside, identity: own }, own, "https://issuer.test", true],
    [{ ...outside, identity: own }, own, "spiffe://example.org", false],
  ];
  for (const [functionary, identity, issuer, expected] of rows) {
    assert.equal(isFunctionary(functionary, { identity, issuer }), expected, `${identity} of ${issuer}`);
  }
});

test("reads both forms, and nothing that is neither", () => {
  const read = (value: unknown): boolean => v.safeParse(functionaryShape, value).success;
  for (const value of [own, outside, { ...outside, identity: own }]) assert.equal(read(value), true);
  for (const value of [
    "https://ci.test/job",
    "",
    {},
    { identity: "https://ci.test/job" },
    { ...outside, issuer: "" },
    { ...outside, identity: "a job" },
    { ...outside, more: 1 },
    { ...outside, identity: "spiffe://Example.org/gate" },
    { ...outside, identity: "spiffe:example.org/gate" },
    "spiffe://Example.org/gate",
    [own],
  ]) {
    assert.equal(read(value), false, JSON.stringify(value));
  }
});

test("two that are written the same are one voice", () => {
  assert.equal(functionaryKey(outside), functionaryKey({ ...outside }));
  assert.notEqual(functionaryKey(outside), functionaryKey({ ...outside, issuer: "https://other.test" }));
  assert.equal(describeFunctionary(outside), "https://ci.test/job of https://issuer.test");
});
