import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { formatDigest, utf8 } from "custody/ground";
import type { Digest } from "custody/ground";
import { mediaTypes } from "custody/oci";

import type { MetadataStore, NewManifest } from "./metadata-store.ts";
import type { UploadStore } from "./upload-store.ts";

export function digestFor(text: string): Digest {
  return formatDigest(createHash("sha256").update(text).digest());
}

function makeManifest(text: string, needs: Partial<NewManifest> = {}): NewManifest {
  const stored = { digest: digestFor(text), mediaType: mediaTypes.imageManifest, content: utf8(text) };
  return { ...stored, blobs: [], manifests: [], ...needs };
}

function storedPart({ digest, mediaType, content }: NewManifest) {
  return { digest, mediaType, content };
}

function referring(text: string, subject: Digest): NewManifest {
  const manifest = makeManifest(text);
  const { digest, mediaType } = manifest;
  return { ...manifest, subject, referrer: { digest, mediaType, size: text.length, artifactType: "a/b" } };
}

/** Registers the tests that every {@link MetadataStore} passes. `open` gives a new, empty one each time. */
export function testMetadataStore(name: string, open: () => Promise<MetadataStore>): void {
  const blob = digestFor("blob");

  test(`${name} keeps each repository's blobs apart`, async () => {
    const store = await open();
    await store.linkBlob("a", blob);
    await store.linkBlob("a", blob);
    assert.equal(await store.hasBlob("a", blob), true);
    assert.equal(await store.hasBlob("a/b", blob), false);
    assert.equal(await store.unlinkBlob("a/b", blob), false);
    assert.equal(await store.unlinkBlob("a", blob), true);
    assert.equal(await store.hasBlob("a", blob), false);
  });

  test(`${name} stores a manifest only when its own repository has all it needs`, async () => {
    const store = await open();
    const child = makeManifest("child", { blobs: [blob, blob] });
    const index = makeManifest("index", { manifests: [child.digest] });
    await store.linkBlob("other", blob);
    const missing = await store.putManifest("a", child, ["tag"]);
    assert.ok(missing.kind === "missing" && missing.digests.includes(blob));
    assert.equal(await store.findTag("a", "tag"), undefined);
    await store.linkBlob("a", blob);
    assert.deepEqual(await store.putManifest("a", index, []), { kind: "missing", digests: [child.digest] });
    assert.deepEqual(await store.putManifest("a", child, []), { kind: "stored" });
    assert.deepEqual(await store.putManifest("a", index, ["tag"]), { kind: "stored" });
    const found = await store.findTag("a", "tag");
    assert.deepEqual(found && storedPart({ ...index, ...found }), storedPart(index));
    assert.equal(await store.findManifest("other", child.digest), undefined);
  });

  test(`${name} moves tags, and removes them with their manifest or alone`, async () => {
    const store = await open();
    const [one, two] = [makeManifest("one"), makeManifest("two")];
    await store.putManifest("a", one, ["x", "y"]);
    await store.putManifest("a", two, ["y"]);
    assert.equal((await store.findTag("a", "x"))?.digest, one.digest);
    assert.equal((await store.findTag("a", "y"))?.digest, two.digest);
    assert.equal(await store.deleteManifest("a", two.digest), true);
    assert.equal(await store.deleteManifest("a", two.digest), false);
    assert.equal(await store.findTag("a", "y"), undefined);
    assert.equal(await store.deleteTag("a", "x"), true);
    assert.equal(await store.deleteTag("a", "x"), false);
    assert.equal((await store.findManifest("a", one.digest))?.digest, one.digest);
  });

  test(`${name} lists tags in the order of their bytes, page by page`, async () => {
    const store = await open();
    assert.equal(await store.findTags("a", "", 10), undefined);
    await store.putManifest("a", makeManifest("one"), ["b", "B", "_", "1.10", "1.9", "a"]);
    assert.deepEqual(await store.findTags("a", "", 10), ["1.10", "1.9", "B", "_", "a", "b"]);
    assert.deepEqual(await store.findTags("a", "B", 2), ["_", "a"]);
    assert.deepEqual(await store.findTags("a", "z", 2), []);
    assert.deepEqual(await store.findTags("a", "", 0), []);
  });

  test(`${name} lists who refers to a digest in the same repository, there or not`, async () => {
    const store = await open();
    const subject = digestFor("subject");
    const all = ["r1", "r2", "r3"].map((text) => referring(text, subject));
    for (const manifest of all) await store.putManifest("a", manifest, []);
    await store.putManifest("b", referring("r4", subject), []);
    await store.putManifest("a", referring("r5", digestFor("another")), []);
    const expected = all.map(({ referrer }) => referrer!).sort((x, y) => (x.digest < y.digest ? -1 : 1));
    assert.deepEqual(await store.findReferrers("a", subject, "", 10), expected);
    assert.deepEqual(await store.findReferrers("a", subject, expected[0]!.digest, 1), [expected[1]]);
    await store.deleteManifest("a", expected[0]!.digest);
    assert.deepEqual(await store.findReferrers("a", subject, "", 10), expected.slice(1));
  });
}

async function* streamOf(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield utf8(piece);
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** Registers the tests that every {@link UploadStore} passes. `open` gives a new, empty one each time. */
export function testUploadStore(name: string, open: () => Promise<UploadStore>): void {
  const maxBytes = 100;

  test(`${name} joins chunks that come in their place`, async () => {
    const store = await open();
    const { id, sizeBytes } = await store.create("team/app");
    assert.equal(sizeBytes, 0);
    assert.equal((await store.append(id, 0, streamOf("ab", "c"), maxBytes))?.sizeBytes, 3);
    assert.equal(await store.append(id, 2, streamOf("x"), maxBytes), undefined);
    assert.equal(await store.append(id, 4, streamOf("x"), maxBytes), undefined);
    assert.equal((await store.append(id, 3, streamOf(), maxBytes))?.sizeBytes, 3);
    assert.equal((await store.append(id, 3, streamOf("d"), maxBytes))?.sizeBytes, 4);
    const found = await store.find(id);
    assert.deepEqual([found?.id, found?.repository, found?.sizeBytes], [id, "team/app", 4]);
    assert.equal(await textOf(store.open(id)), "abcd");
  });

  test(`${name} is as before after a chunk that broke off or was too large`, async () => {
    const store = await open();
    const { id } = await store.create("a");
    await store.append(id, 0, streamOf("abc"), maxBytes);
    const broken = new Error("broken off");
    const breaking = async function* () {
      yield utf8("defg");
      throw broken;
    };
    await assert.rejects(store.append(id, 3, breaking(), maxBytes), (error) => error === broken);
    await assert.rejects(store.append(id, 3, streamOf("de", "fg"), 5), { code: "blobs/too-large" });
    assert.equal(await textOf(store.open(id)), "abc");
    assert.equal((await store.append(id, 3, streamOf("d"), maxBytes))?.sizeBytes, 4);
  });

  test(`${name} takes one of two chunks that come at once`, async () => {
    const store = await open();
    const { id } = await store.create("a");
    const both = await Promise.all([
      store.append(id, 0, streamOf("one"), maxBytes),
      store.append(id, 0, streamOf("two"), maxBytes),
    ]);
    assert.equal(both.filter(Boolean).length, 1);
    assert.equal((await textOf(store.open(id))).length, 3);
  });

  test(`${name} knows no uploads but its own, by ids that cannot be guessed`, async () => {
    const store = await open();
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await store.create("a")).id));
    assert.equal(new Set(ids).size, 5);
    assert.ok(ids.every((id) => id.length >= 32));
    for (const id of ["", "x", "../x", ids[0]!.slice(1), `${ids[0]}.repository`]) {
      assert.equal(await store.find(id), undefined);
      assert.equal(await store.append(id, 0, streamOf("x"), maxBytes), undefined);
      assert.equal(await store.delete(id), false);
    }
    assert.equal(await store.delete(ids[0]!), true);
    assert.equal(await store.find(ids[0]!), undefined);
    assert.equal(await store.delete(ids[0]!), false);
  });
}
