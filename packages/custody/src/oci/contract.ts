import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { formatDigest, utf8 } from "custody/ground";
import type { Digest } from "custody/ground";

import { readBlob } from "./blob-store.ts";
import type { BlobStore } from "./blob-store.ts";

const maxBytes = 10_000_000;

export async function* streamOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

export function sha256Of(content: Uint8Array): Digest {
  return formatDigest(createHash("sha256").update(content).digest());
}

/** Registers the tests that every {@link BlobStore} passes. `open` gives a new, empty one each time. */
export function testBlobStore(name: string, open: () => Promise<BlobStore>): void {
  test(`${name} keeps content by its digest, of any size`, async () => {
    const store = await open();
    for (const size of [0, 1, 65_536, 3_000_001]) {
      const content = new Uint8Array(size).fill(7);
      const pieces = [content.subarray(0, size / 3), content.subarray(size / 3)];
      const info = await store.write(streamOf(...pieces), { maxBytes });
      assert.deepEqual(info, { digest: sha256Of(content), sizeBytes: size });
      assert.deepEqual(await store.find(info.digest), info);
      assert.deepEqual(await readBlob(store, info.digest, maxBytes), content);
    }
  });

  test(`${name} takes the same content again, also at the same time`, async () => {
    const store = await open();
    const write = () => store.write(streamOf(utf8("same")), { maxBytes });
    const infos = await Promise.all([write(), write(), write()]);
    const digest = sha256Of(utf8("same"));
    assert.ok(infos.every((info) => info.digest === digest));
    assert.deepEqual(await readBlob(store, digest, maxBytes), utf8("same"));
  });

  test(`${name} keeps nothing of content with another digest, too large, or broken off`, async () => {
    const store = await open();
    const content = utf8("content");
    const digest = sha256Of(content);
    const expectedDigest = sha256Of(utf8("other"));
    await assert.rejects(store.write(streamOf(content), { maxBytes, expectedDigest }), {
      code: "blobs/digest-mismatch",
    });
    await assert.rejects(store.write(streamOf(content, content), { maxBytes: 13 }), {
      code: "blobs/too-large",
    });
    const broken = new Error("broken off");
    const breaking = async function* () {
      yield content;
      throw broken;
    };
    await assert.rejects(store.write(breaking(), { maxBytes }), (error) => error === broken);
    for (const absent of [digest, expectedDigest]) assert.equal(await store.find(absent), undefined);
    assert.equal(
      (await store.write(streamOf(content), { maxBytes: 7, expectedDigest: digest })).digest,
      digest,
    );
  });

  test(`${name} has no content that was never written, or was deleted`, async () => {
    const store = await open();
    const digest = sha256Of(utf8("gone"));
    await assert.rejects(readBlob(store, digest, maxBytes), { code: "blobs/missing" });
    assert.equal(await store.delete(digest), false);
    await store.write(streamOf(utf8("gone")), { maxBytes });
    assert.equal(await store.delete(digest), true);
    assert.equal(await store.find(digest), undefined);
    await assert.rejects(readBlob(store, digest, maxBytes), { code: "blobs/missing" });
  });

  test(`${name} gives no more than the reader is ready for`, async () => {
    const store = await open();
    const { digest } = await store.write(streamOf(utf8("content")), { maxBytes });
    await assert.rejects(readBlob(store, digest, 6), { code: "blobs/too-large" });
  });
}
