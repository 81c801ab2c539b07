import assert from "node:assert/strict";
import { test } from "node:test";

import { instantOf } from "custody/ground";
import type { SearchHit } from "custody/log-index";

import { fromField, searchPath, toField, withinTime, wordsOf } from "./search-address.ts";
import type { LogSearch } from "../search-shapes.ts";

test("an address asks for one thing, or for nothing yet", () => {
  const rows: readonly (readonly [LogSearch, object | undefined])[] = [
    [{}, undefined],
    [{ by: "subject", value: " sha256:00 " }, { subject: "sha256:00" }],
    [{ value: "sha256:00" }, { subject: "sha256:00" }],
    [{ by: "constructor", value: "a" }, { subject: "a" }],
    [{ by: "type", value: "a", issuer: "b" }, { type: "a" }],
    [{ by: "identity", value: "a" }, undefined],
    [
      { by: "identity", value: "a", issuer: " b" },
      { identity: "a", issuer: "b" },
    ],
    [{ by: "key", value: "  " }, undefined],
  ];
  for (const [search, words] of rows) assert.deepEqual(wordsOf(search), words, JSON.stringify(search));
});

test("words go into the API's address as they are", () => {
  assert.equal(
    searchPath({ identity: "a&b=c#d", issuer: "é" }, 7),
    "/api/v1/log/search?identity=a%26b%3Dc%23d&issuer=%C3%A9&from=7",
  );
});

test("an entry without a time is within none", () => {
  const hit = (at: number | undefined): SearchHit => ({
    index: 0,
    signedAt: at === undefined ? undefined : instantOf(at),
    rendering: "",
    terms: [],
  });
  const hits = [hit(0), hit(1000), hit(2000), hit(undefined)];
  const count = (search: LogSearch): number => withinTime(hits, search).length;
  assert.equal(count({}), 4);
  assert.equal(count({ since: "not a time" }), 4);
  assert.equal(count({ since: "1970-01-01T00:00:01Z" }), 2);
  assert.equal(count({ until: "1970-01-01T00:00:01Z" }), 2);
  assert.equal(count({ since: "1970-01-01T00:00:01Z", until: "1970-01-01T00:00:01Z" }), 1);
});

test("a field of date and time shows what its address says", () => {
  assert.equal(fromField(toField("2026-07-31T12:30:00.000Z")), "2026-07-31T12:30:00.000Z");
  assert.deepEqual([toField("never"), toField(undefined), fromField("")], ["", "", undefined]);
});
