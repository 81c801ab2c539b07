import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFile, mkdir, mkdtemp, open, readdir, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { hexOf, utf8 } from "custody/ground";
import type { Digest } from "custody/ground";
import { readBlob } from "custody/oci";

import { sha256Of, streamOf, testBlobStore } from "../../../custody/src/oci/contract.ts";
import { openBlobFiles } from "./index.ts";

const maxBytes = 10_000_000;
let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "custody-blobs-"));
});
after(() => rm(directory, { recursive: true }));

let count = 0;
const newFolder = () => join(directory, String(++count));

testBlobStore("the blob store in files", () => openBlobFiles(newFolder()));

function fileOf(folder: string, digest: Digest) {
  return join(folder, "sha256", hexOf(digest).slice(0, 2), hexOf(digest));
}

test("never gives out the end of content that was altered, cut or lengthened in its file", async () => {
  const folder = newFolder();
  const store = await openBlobFiles(folder);
  const content = randomBytes(1_000_000);
  const alter: ((path: string) => Promise<void>)[] = [
    async (path) => {
      const file = await open(path, "r+");
      await file.write(Buffer.from([content[999_999]! ^ 1]), 0, 1, 999_999);
      await file.close();
    },
    (path) => truncate(path, 999_999),
    (path) => truncate(path, 0),
    (path) => appendFile(path, "x"),
  ];
  for (const change of alter) {
    const { digest } = await store.write(streamOf(content), { maxBytes });
    await change(fileOf(folder, digest));
    let given = 0;
    const readAll = async () => {
      for await (const piece of store.open(digest)) given += piece.length;
    };
    await assert.rejects(readAll(), { code: "blobs/corrupt" });
    assert.ok(given < content.length);
    await store.write(streamOf(content), { maxBytes });
    assert.equal((await readBlob(store, digest, maxBytes)).length, content.length);
  }
});

test("leaves nothing in the staging folder after success or failure, and clears what a crash left", async () => {
  const folder = newFolder();
  await mkdir(join(folder, "staging"), { recursive: true });
  await writeFile(join(folder, "staging/old"), "x");
  await writeFile(join(folder, "staging/new"), "x");
  await utimes(join(folder, "staging/old"), 0, 0);
  const store = await openBlobFiles(folder);
  assert.deepEqual(await readdir(join(folder, "staging")), ["new"]);
  await store.write(streamOf(utf8("x")), { maxBytes });
  await assert.rejects(store.write(streamOf(utf8("xy")), { maxBytes: 1 }));
  assert.deepEqual(await readdir(join(folder, "staging")), ["new"]);
});

test("closes its file when the reader stops early", async () => {
  const store = await openBlobFiles(newFolder());
  const { digest } = await store.write(streamOf(new Uint8Array(2_000_000)), { maxBytes });
  const before = (await readdir("/proc/self/fd")).length;
  for (let i = 0; i < 20; i++) for await (const _ of store.open(digest)) break;
  assert.equal((await readdir("/proc/self/fd")).length, before);
});

test(
  "says that the disk is full, and leaves nothing behind",
  { skip: process.getuid?.() === 0 ? false : "needs root to mount a small disk" },
  async (t) => {
    const folder = newFolder();
    await mkdir(folder);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "custody-test", folder]);
    t.after(() => execFileSync("umount", [folder]));
    const store = await openBlobFiles(folder);
    const content = new Uint8Array(1_000_000);
    await assert.rejects(store.write(streamOf(content), { maxBytes }), { code: "blobs/disk-full" });
    assert.deepEqual(await readdir(join(folder, "staging")), []);
    assert.equal(await store.find(sha256Of(content)), undefined);
    await store.write(streamOf(content.subarray(0, 100_000)), { maxBytes });
  },
);
