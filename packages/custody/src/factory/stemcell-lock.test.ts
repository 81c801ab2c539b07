import assert from "node:assert/strict";
import { test } from "node:test";

import { formatStemcellLock, parseStemcellLock } from "./index.ts";

const make = { name: "make", version: "4.3-4.1", architecture: "amd64" };
const gcc = { name: "gcc", version: "4:12.2.0-3", architecture: "amd64" };

test("survives a round trip, sorted", () => {
  const text = formatStemcellLock({ run: [], build: [make, gcc] });
  assert.deepEqual(parseStemcellLock(text), { build: [gcc, make], run: [] });
  assert.equal(formatStemcellLock(parseStemcellLock(text)), text);
});

test("refuses what is not a lock", () => {
  const wrong = [
    "{}",
    "[]",
    '{"version":2,"stemcells":{}}',
    '{"version":1,"stemcells":{},"more":1}',
    '{"version":1,"stemcells":{"build":["make"]}}',
    '{"version":1,"stemcells":{"build":["make:amd64=1; rm -rf /"]}}',
    '{"version":1,"stemcells":{"Build":[]}}',
  ];
  for (const text of wrong) assert.throws(() => parseStemcellLock(text), { code: "factory/lock" }, text);
  assert.throws(() => parseStemcellLock('{"version":1,"version":1}'), { code: "json/duplicate-key" });
});
