import assert from "node:assert/strict";
import { test } from "node:test";

import { findFaultCode, parseDigest } from "custody/ground";
import type { Digest } from "custody/ground";
import type { BlobStore } from "custody/oci";
import { writeTar } from "custody/tar";

import type { Trees } from "./ports.ts";

/** An adapter under test, over a blob store. */
export interface TreesUnderTest {
  readonly trees: Trees;
  readonly blobs: BlobStore;
  /** Changes what lies at a place, as somebody would who may write there. */
  tamper(place: string): Promise<void>;
}

/** Registers the tests that every {@link Trees} passes. `open` gives new, empty ones each time. */
export function testTrees(name: string, open: () => Promise<TreesUnderTest>): void {
  async function openWithTree(): Promise<TreesUnderTest & { digest: Digest }> {
    const under = await open();
    const archive = writeTar([{ kind: "symlink", path: "a/link", target: "nowhere" }]);
    const { digest } = await under.blobs.write(archive, { maxBytes: 10_000 });
    return { ...under, digest };
  }

  test(`${name} places a tree once, and hashes it to its archive's digest`, async () => {
    const { trees, digest } = await openWithTree();
    const places = await Promise.all([trees.place(digest), trees.place(digest)]);
    assert.equal(places[0], places[1]);
    assert.equal(await trees.hash(places[0]), digest);
  });

  test(`${name} finds out a change, and places the tree anew after it forgets`, async () => {
    const { trees, digest, ...under } = await openWithTree();
    const place = await trees.place(digest);
    await under.tamper(place);
    assert.notEqual(await trees.hash(place), digest);
    await trees.forget(digest);
    assert.equal(await trees.hash(await trees.place(digest)), digest);
  });

  test(`${name} has no place for what is not in the store`, async () => {
    const { trees } = await open();
    const place = trees.place(parseDigest(`sha256:${"0".repeat(64)}`));
    await assert.rejects(place, (error) => findFaultCode(error) === "blobs/missing");
  });
}
