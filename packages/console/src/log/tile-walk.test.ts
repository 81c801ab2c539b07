import assert from "node:assert/strict";
import { test } from "node:test";

import { entriesOf, levelsOf, tileAbove, tilePathIn } from "./tile-walk.ts";

test("a tree has tiles at as many levels as it has full tiles to list", () => {
  const rows: readonly (readonly [number, readonly string[]])[] = [
    [0, []],
    [1, ["1/1/1"]],
    [256, ["256/1/256", "1/1/1"]],
    [257, ["257/2/1", "1/1/1"]],
    [65_536, ["65536/256/256", "256/1/256", "1/1/1"]],
  ];
  for (const [size, expected] of rows)
    assert.deepEqual(
      levelsOf(size).map(({ hashes, tiles, lastWidth }) => `${hashes}/${tiles}/${lastWidth}`),
      expected,
      `${size}`,
    );
});

test("a tile is named as the log names it, and stands where its hash is listed", () => {
  assert.equal(tilePathIn(600, { level: 0, index: 1 }), "tile/0/001");
  assert.equal(tilePathIn(600, { level: 0, index: 2 }), "tile/0/002.p/88");
  assert.deepEqual(tileAbove(600, { level: 0, index: 1 }), { level: 1, index: 0 });
  assert.equal(tileAbove(600, { level: 0, index: 2 }), undefined);
  assert.equal(tileAbove(600, { level: 1, index: 0 }), undefined);
  assert.deepEqual(tileAbove(100_000, { level: 0, index: 300 }), { level: 1, index: 1 });
  assert.deepEqual(entriesOf({ level: 0, index: 1 }, 3), [259, 259]);
  assert.deepEqual(entriesOf({ level: 1, index: 0 }, 1), [256, 511]);
});
