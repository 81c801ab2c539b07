import assert from "node:assert/strict";
import { test } from "node:test";

import { RegoDiagnostics } from "../index.ts";
import { parseDocumentRef } from "./index.ts";

test("documents are named as Rego refers to them", () => {
  assert.deepEqual(parseDocumentRef("input"), ["input"]);
  assert.deepEqual(parseDocumentRef('data.a["b c"].d'), ["data", "a", "b c", "d"]);
});

test("what is no document has no path", () => {
  for (const text of ["x", "1", "input[x]", "input[1]", "not input.x", "input.x = 1", "input.a; input.b"]) {
    assert.equal(parseDocumentRef(text), undefined, text);
  }
  assert.throws(() => parseDocumentRef("input["), RegoDiagnostics);
});
