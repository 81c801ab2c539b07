import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { languageRows } from "./language.testing.ts";

const guide = readFileSync(join(import.meta.dirname, "../../../../docs/guides/rego.md"), "utf8");

test("the guide lists every construct that is tested, and no other", () => {
  const listed = [...guide.matchAll(/^\| ([a-z][^|]*?) +\|/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== "construct");
  const tested = [...new Set(languageRows.map(({ construct }) => construct))];
  assert.deepEqual(new Set(listed), new Set(tested));
});
