import assert from "node:assert/strict";
import { test } from "node:test";

import type { PictureEdge } from "custody/graph";

import { thinEdges } from "./thin-edges.ts";

const fan = (count: number, state: PictureEdge["state"] = "tied"): PictureEdge[] =>
  Array.from({ length: count }, (_, i) => ({ from: "gate", to: `process ${i}`, digests: [], state }));

test("few edges are all drawn; of very many, the first", () => {
  assert.equal(thinEdges(fan(12), undefined).length, 12);
  assert.deepEqual(thinEdges(fan(10_000), undefined), fan(12));
});

test("what is selected shows where it comes from, and what is broken or missing is never left out", () => {
  assert.deepEqual(
    thinEdges(fan(100), "process 70")
      .map(({ to }) => to)
      .at(-1),
    "process 70",
  );
  assert.equal(thinEdges(fan(100, "broken"), undefined).length, 100);
  assert.equal(thinEdges(fan(100, "missing"), undefined).length, 100);
});
