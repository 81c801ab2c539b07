import assert from "node:assert/strict";
import { test } from "node:test";

import { findFaultCode } from "custody/ground";

import {
  formatTilePath,
  readFrontier,
  rightEdgeTiles,
  rootHashOf,
  TileReader,
  verifyConsistency,
  verifyInclusion,
} from "./index.ts";
import type { ReadTile, TreeHead } from "./index.ts";
import { hasher, makeLeafHashes, makeTree, rootByDefinition } from "./trees.testing.ts";

const many = makeLeafHashes(65_537);

function headOf(size: number): TreeHead {
  return { size, rootHash: rootHashOf(hasher, makeTree(many.slice(0, size), size).frontier) };
}

async function openReader(head: TreeHead, readTile: ReadTile): Promise<TileReader> {
  return new TileReader(hasher, await readFrontier(hasher, head, readTile), readTile);
}

// Reads every leaf hash and proves it, which needs every tile; throws where a tile was not what it should be.
async function readAll(head: TreeHead, readTile: ReadTile, indices: readonly number[]): Promise<void> {
  const reader = await openReader(head, readTile);
  for (const index of indices) {
    const proof = {
      index,
      treeSize: head.size,
      leafHash: await reader.leafHash(index),
      hashes: await reader.proveInclusion(index),
    };
    verifyInclusion(hasher, proof, head.rootHash);
    assert.deepEqual(proof.leafHash, many[index]);
  }
}

test("proves every leaf of every tree up to 70 leaves, and every older tree", async () => {
  for (let size = 1; size <= 70; size++) {
    const { readTile } = makeTree(many.slice(0, size), size);
    const head = { size, rootHash: rootByDefinition(many.slice(0, size)) };
    await readAll(head, readTile, [...many.slice(0, size).keys()]);
    const reader = await openReader(head, readTile);
    for (let older = 1; older <= size; older++) {
      const olderHead = { size: older, rootHash: rootByDefinition(many.slice(0, older)) };
      verifyConsistency(hasher, olderHead, head, await reader.proveConsistency(older));
    }
  }
});

test("proves consistency across tiles and levels", async () => {
  const sizes = [1, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537];
  const heads = sizes.map(headOf);
  for (const head of heads) {
    const reader = await openReader(head, makeTree(many.slice(0, head.size), head.size).readTile);
    for (const older of heads.filter(({ size }) => size <= head.size)) {
      verifyConsistency(hasher, older, head, await reader.proveConsistency(older.size));
    }
  }
});

test("lists what a tile holds, full or not, and nothing beyond the tree", async () => {
  const { readTile } = makeTree(many.slice(0, 600), 600);
  const reader = await openReader(headOf(600), readTile);
  assert.deepEqual(await reader.tileHashes(0, 1), many.slice(256, 512));
  assert.deepEqual(await reader.tileHashes(0, 2), many.slice(512, 600));
  assert.equal((await reader.tileHashes(1, 0)).length, 2);
  for (const [level, index] of [
    [0, 3],
    [1, 1],
    [2, 0],
    [60, 0],
  ] as const)
    assert.deepEqual(await reader.tileHashes(level, index), []);
  for (const [level, index] of [
    [-1, 0],
    [0, 0.5],
  ] as const)
    await assert.rejects(reader.tileHashes(level, index), { code: "merkle/range" });
  const forging = await openReader(headOf(600), async (tile) =>
    tile.width === 256 ? new Uint8Array(8192) : readTile(tile),
  );
  await assert.rejects(forging.tileHashes(0, 1), { code: "merkle/tile-forged" });
});

test("refuses tiles that are swapped, of another size, or too long", async () => {
  const { tiles, readTile } = makeTree(many.slice(0, 600), 600);
  const head = headOf(600);
  const check = async (answer: ReadTile, expected: string) => {
    const fault = await readAll(head, answer, [0, 300]).then(() => undefined, findFaultCode);
    assert.equal(fault, expected);
  };
  await check(
    (tile) => readTile(tile.width === 256 ? { ...tile, index: 1 - tile.index } : tile),
    "merkle/tile-forged",
  );
  await check(async (tile) => tiles.get(formatTilePath(tile))?.subarray(32), "merkle/tile-forged");
  await check(async (tile) => new Uint8Array(8193 + tile.width), "merkle/tile-forged");
  await check(async () => undefined, "merkle/tile-missing");
  await check(
    (tile) => (tile.index === 0 && tile.level === 0 ? Promise.resolve(undefined) : readTile(tile)),
    "merkle/tile-missing",
  );
});

test("takes the beginning of the full tile where the partial one is gone", async () => {
  const older = headOf(300);
  const { tiles } = makeTree(many.slice(0, 700), 700);
  const edge = new Set(rightEdgeTiles(300).map(formatTilePath));
  const levelOne = makeTree(many.slice(0, 300), 300).tiles.get("tile/1/000.p/1");
  const readTile: ReadTile = async (tile) => {
    const path = formatTilePath(tile);
    if (path === "tile/1/000.p/1") return levelOne;
    return edge.has(path) ? undefined : tiles.get(path);
  };
  await readAll(older, readTile, [0, 255, 256, 299]);
});

test("reads a tile again after it was missing or forged once", async () => {
  const { readTile } = makeTree(many.slice(0, 600), 600);
  let isBroken = true;
  const reader = await openReader(headOf(600), async (tile) =>
    isBroken && tile.width === 256 ? undefined : readTile(tile),
  );
  await assert.rejects(reader.leafHash(0), { code: "merkle/tile-missing" });
  isBroken = false;
  assert.deepEqual(await reader.leafHash(0), many[0]);
});

test("has no proof for a leaf or an older tree outside the tree", async () => {
  const reader = await openReader(headOf(5), makeTree(many.slice(0, 5), 5).readTile);
  for (const index of [-1, 5, 1.5])
    await assert.rejects(reader.proveInclusion(index), { code: "merkle/range" });
  for (const size of [-1, 6, 0.5])
    await assert.rejects(reader.proveConsistency(size), { code: "merkle/range" });
  assert.deepEqual(await reader.proveConsistency(0), []);
});

test("refuses a checkpoint with another root before any proof", async () => {
  const { readTile } = makeTree(many.slice(0, 300), 300);
  await assert.rejects(readFrontier(hasher, { size: 300, rootHash: many[0]! }, readTile), {
    code: "merkle/tile-forged",
  });
  await assert.rejects(readFrontier(hasher, { size: 2 ** 53, rootHash: many[0]! }, readTile), {
    code: "merkle/range",
  });
});
