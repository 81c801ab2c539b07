import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { toHex } from "custody/ground";

import { findVectors } from "../ground/vectors.testing.ts";
import { appendLeaves, emptyFrontier, rootHashOf } from "./index.ts";
import { rebuildTesseraTree } from "./tessera.testing.ts";
import { hasher, makeLeafHashes, makeTree, rootByDefinition } from "./trees.testing.ts";

test("has the root of RFC 6962 at every size up to 600, however the leaves came", () => {
  const hashes = makeLeafHashes(600);
  for (const batchSize of [1, 7, 256, 300]) {
    let frontier = emptyFrontier;
    for (let at = 0; at < hashes.length; at += batchSize) {
      frontier = appendLeaves(hasher, frontier, hashes.slice(at, at + batchSize)).frontier;
      const expected = rootByDefinition(hashes.slice(0, frontier.size));
      assert.deepEqual(rootHashOf(hasher, frontier), expected, `${frontier.size} leaves`);
    }
  }
});

test("has the empty root before the first leaf", () => {
  const expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  assert.equal(toHex(rootHashOf(hasher, emptyFrontier)), expected);
});

test("writes one partial tile a batch, and full tiles with the level above as they fill", () => {
  const check = (before: number, added: number, expected: readonly string[]) => {
    const hashes = makeLeafHashes(before + added);
    const { frontier } = makeTree(hashes.slice(0, before), 256);
    const { tiles } = appendLeaves(hasher, frontier, hashes.slice(before));
    const names = tiles.map(({ tile }) => `${tile.level}/${tile.index}/${tile.width}`);
    assert.deepEqual(names, expected);
    for (const { tile, content } of tiles) assert.equal(content.length, tile.width * 32);
  };
  check(0, 0, []);
  check(0, 1, ["0/0/1"]);
  check(255, 1, ["0/0/256", "1/0/1"]);
  check(256, 1, ["0/1/1"]);
  check(250, 300, ["0/0/256", "0/1/256", "0/2/38", "1/0/2"]);
  check(65_535, 1, ["0/255/256", "1/0/256", "2/0/1"]);
});

test("does not change the frontier that it appends to", () => {
  const hashes = makeLeafHashes(10);
  const { frontier } = makeTree(hashes.slice(0, 5), 5);
  const before = rootHashOf(hasher, frontier);
  appendLeaves(hasher, frontier, hashes.slice(5));
  assert.deepEqual(rootHashOf(hasher, frontier), before);
});

const vectors = findVectors("tlog");

test(
  "writes the tiles that Tessera's log has, at each of its sizes",
  { skip: vectors ? false : "the vectors are not on this machine" },
  () => {
    for (let size = 1; size <= 15; size++) {
      const root = readFileSync(`${vectors}/checkpoint.${size}`, "utf8").split("\n")[2];
      assert.equal(Buffer.from(rebuildTesseraTree(vectors ?? "", size)).toString("base64"), root);
    }
  },
);
