import assert from "node:assert/strict";
import { test } from "node:test";

import { parseWhiteout } from "./whiteout.ts";

test("knows what a layer takes away (OCI image-spec, layer.md §Whiteouts)", () => {
  assert.deepEqual(parseWhiteout("a/.wh.b"), { kind: "remove", path: "a/b" });
  assert.deepEqual(parseWhiteout(".wh.b"), { kind: "remove", path: "b" });
  assert.deepEqual(parseWhiteout("a/.wh..wh..opq"), { kind: "opaque", directory: "a" });
  assert.deepEqual(parseWhiteout(".wh..wh..opq"), { kind: "opaque", directory: "" });
  assert.equal(parseWhiteout("a/b.wh.c"), undefined);
  assert.equal(parseWhiteout("a.wh./b"), undefined);
});
