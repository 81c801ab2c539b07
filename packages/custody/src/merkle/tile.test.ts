import assert from "node:assert/strict";
import { test } from "node:test";

import * as fc from "fast-check";

import { formatTilePath, parseTilePath, rightEdgeTiles } from "./index.ts";
import type { Tile } from "./index.ts";

test("writes and reads the paths of tlog-tiles", () => {
  const check = (tile: Tile, path: string) => {
    assert.equal(formatTilePath(tile), path);
    assert.deepEqual(parseTilePath(path), tile);
  };
  check({ kind: "hashes", level: 0, index: 0, width: 256 }, "tile/0/000");
  check({ kind: "hashes", level: 0, index: 1234067, width: 256 }, "tile/0/x001/x234/067");
  check({ kind: "hashes", level: 6, index: 5, width: 1 }, "tile/6/005.p/1");
  check({ kind: "entries", index: 999, width: 255 }, "tile/entries/999.p/255");
  check({ kind: "entries", index: 1000, width: 256 }, "tile/entries/x001/000");
  check(
    { kind: "entries", index: Number.MAX_SAFE_INTEGER, width: 256 },
    "tile/entries/x009/x007/x199/x254/x740/991",
  );
});

test("refuses every other spelling of a tile's path", () => {
  const paths = [
    "",
    "tile",
    "/tile/0/000",
    "tile/0/000/",
    "tile/0/0",
    "tile/0/0000",
    "tile/00/000",
    "tile/7/000",
    "tile/63/000",
    "tile/-1/000",
    "tile/0/x000/000",
    "tile/0/001/002",
    "tile/0/x001/x002",
    "tile/0/x999/x999/x999/x999/x999/999",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000.p/",
    "tile/0/000.p",
    "tile/8/0/000",
    "tile/entries/../000",
    "tile/data/000",
    "tile/0/000\n",
    "tile/0/٠٠٠",
  ];
  for (const path of paths) assert.throws(() => parseTilePath(path), { code: "merkle/tile-path" }, path);
});

test("has one path for each tile and one tile for each path", () => {
  const level = fc.integer({ min: 0, max: 6 });
  const width = fc.integer({ min: 1, max: 256 });
  const check = (tile: Tile) => assert.deepEqual(parseTilePath(formatTilePath(tile)), tile);
  const property = fc.property(level, fc.maxSafeNat(), width, (level, index, width) => {
    check({ kind: "hashes", level, index, width });
    check({ kind: "entries", index, width });
  });
  fc.assert(property);
});

test("names the right edge as tlog-tiles does for 256 and for 70,000 leaves", () => {
  const check = (size: number, paths: readonly string[]) =>
    assert.deepEqual(rightEdgeTiles(size).map(formatTilePath), paths);
  check(0, []);
  check(256, ["tile/1/000.p/1"]);
  check(70_000, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
  assert.equal(rightEdgeTiles(Number.MAX_SAFE_INTEGER).length, 7);
});
