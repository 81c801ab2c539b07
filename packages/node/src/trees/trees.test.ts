import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import type { Digest } from "custody/ground";
import { formatDigest, utf8 } from "custody/ground";
import type { TreeEntry } from "custody/tar";
import { writeTar } from "custody/tar";

import { collectOutputs } from "./collect.ts";
import { hashTree, packTree, readTree } from "./pack.ts";
import { TreeCache } from "./tree-cache.ts";
import { unpackLayers, unpackTree } from "./unpack.ts";

let top: string;
before(async () => {
  top = await mkdtemp(join(tmpdir(), "custody-trees-"));
});
after(() => rm(top, { recursive: true, force: true }));

let count = 0;
const freshPath = () => join(top, `t${count++}`);

async function freshDirectory(): Promise<string> {
  const path = freshPath();
  await mkdir(path);
  return path;
}

function file(path: string, text = "", mode = 0o644): TreeEntry {
  const bytes = utf8(text);
  return {
    kind: "file",
    path,
    mode,
    sizeBytes: bytes.length,
    async *content() {
      yield bytes;
    },
  };
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const digestOf = (bytes: Uint8Array) => formatDigest(createHash("sha256").update(bytes).digest());

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return "done";
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

const tree: TreeEntry[] = [
  file("a/run.sh", "#!/bin/sh\n", 0o755),
  file("a/größe", "x".repeat(700_000)),
  { kind: "symlink", path: "a/up", target: "../../etc/passwd" },
  { kind: "directory", path: "closed", mode: 0o555 },
  { kind: "directory", path: "tmp", mode: 0o1777 },
];

test("a tree has one digest, made from entries, unpacked, or packed again", async () => {
  const archive = await bytesOf(writeTar(tree));
  const directory = freshPath();
  await unpackTree(writeTar(tree), directory);
  assert.equal(await hashTree(directory), digestOf(archive));
  assert.deepEqual(await bytesOf(await packTree(directory)), archive);
});

test("a directory that changes in one byte, mode, name or link has another digest", async () => {
  const changes: ((directory: string) => Promise<void>)[] = [
    (directory) => writeFile(join(directory, "a/run.sh"), "#!/bin/sH\n"),
    (directory) => chmod(join(directory, "a/run.sh"), 0o644),
    (directory) => writeFile(join(directory, "a/new"), ""),
    (directory) => rm(join(directory, "a/up")),
    (directory) => chmod(join(directory, "tmp"), 0o755),
  ];
  const expected = digestOf(await bytesOf(writeTar(tree)));
  for (const change of changes) {
    const directory = freshPath();
    await unpackTree(writeTar(tree), directory);
    await change(directory);
    assert.notEqual(await hashTree(directory), expected);
  }
});

test("times and owners are no part of a tree, and unpacked files are of 1970", async () => {
  const directory = freshPath();
  await unpackTree(writeTar(tree), directory);
  assert.equal((await stat(join(directory, "a/run.sh"))).mtimeMs, 0);
  assert.equal((await stat(join(directory, "a"))).mtimeMs, 0);
  await utimes(join(directory, "a/run.sh"), 1000, 1000);
  assert.equal(await hashTree(directory), digestOf(await bytesOf(writeTar(tree))));
});

test("unpacks into nothing that exists, a symbolic link included", async () => {
  assert.equal(await codeOf(unpackTree(writeTar(tree), await freshDirectory())), "trees/not-fresh");
  const alias = freshPath();
  await symlink(await freshDirectory(), alias);
  assert.equal(await codeOf(unpackTree(writeTar(tree), alias)), "trees/not-fresh");
});

test("refuses to pack what an archive of ours cannot hold", async () => {
  const makers: [string, (directory: string) => unknown][] = [
    ["trees/special-file", (directory) => execFileSync("mkfifo", [join(directory, "fifo")])],
    [
      "trees/set-id",
      (directory) => writeFile(join(directory, "f"), "").then(() => chmod(join(directory, "f"), 0o4755)),
    ],
    [
      "trees/name",
      (directory) => writeFile(Buffer.concat([Buffer.from(`${directory}/`), Buffer.of(0xff)]), ""),
    ],
    ["tar/path", (directory) => writeFile(join(directory, "a\nb"), "")],
  ];
  for (const [code, make] of makers) {
    const directory = await freshDirectory();
    await make(directory);
    assert.equal(await codeOf(hashTree(directory)), code);
  }
});

test("finds out when a file is replaced between listing and reading", async () => {
  const directory = await freshDirectory();
  await writeFile(join(directory, "f"), "one");
  const [entry] = await readTree(directory);
  await writeFile(join(directory, "g"), "two");
  await rm(join(directory, "f"));
  await link(join(directory, "g"), join(directory, "f"));
  assert.ok(entry?.kind === "file");
  assert.equal(await codeOf(bytesOf(entry.content())), "trees/changed");
});

test("a layer replaces, removes and empties what lower layers hold", async () => {
  const directory = freshPath();
  const lower = [file("a/one", "1"), file("a/two", "2"), file("b/three", "3"), file("c", "file")];
  const upper = [
    file("a/one", "new"),
    file("a/.wh.two"),
    file("b/.wh..wh..opq"),
    file("b/four"),
    file("c/d", "dir"),
  ];
  await unpackLayers([writeTar(lower), writeTar([file("c/.wh.x"), ...upper].slice(1))], directory).catch(
    () => undefined,
  );
  assert.equal(await readFile(join(directory, "a/one"), "utf8"), "new");
  assert.deepEqual(await readdir(join(directory, "a")), ["one"]);
  assert.deepEqual(await readdir(join(directory, "b")), ["four"]);
  assert.deepEqual(await readdir(join(directory, "c")), ["d"]);
});

test("a layer cannot write through a link of a lower layer, which is left alone", async () => {
  const outside = await freshDirectory();
  const lower: TreeEntry[] = [{ kind: "symlink", path: "bin", target: outside }];
  for (const entry of [file("bin/sh", "mine"), file("bin/.wh.sh")]) {
    assert.equal(
      await codeOf(unpackLayers([writeTar(lower), writeTar([entry])], freshPath())),
      "trees/through-link",
    );
  }
  assert.deepEqual(await readdir(outside), []);
});

async function workDirectory(): Promise<string> {
  const directory = await freshDirectory();
  await mkdir(join(directory, "out/deep"), { recursive: true });
  await writeFile(join(directory, "out/hello"), "hello", { mode: 0o4700 });
  await chmod(join(directory, "out/hello"), 0o4711);
  await writeFile(join(directory, "out/deep/data"), "data", { mode: 0o600 });
  return directory;
}

const limits = { maxFiles: 10, maxTotalBytes: 1000 };

test("collects declared files and directories with plain modes, set-id stripped", async () => {
  const entries = await collectOutputs(await workDirectory(), ["out"], limits);
  const lines = entries.map(
    (entry) => `${entry.kind} ${entry.path} ${"mode" in entry ? entry.mode.toString(8) : ""}`,
  );
  assert.deepEqual(lines.sort(), [
    "directory out 755",
    "directory out/deep 755",
    "file out/deep/data 644",
    "file out/hello 755",
  ]);
});

const hostileOutputs: [string, string, (directory: string) => unknown][] = [
  ["a link in the output's place", "trees/symlink", (d) => symlink("/etc/passwd", join(d, "x"))],
  ["a link above the output", "trees/symlink", (d) => symlink("/etc", join(d, "x"))],
  [
    "a link inside",
    "trees/symlink",
    (d) => mkdir(join(d, "x")).then(() => symlink("/etc/passwd", join(d, "x/l"))),
  ],
  ["a hard link", "trees/hard-link", (d) => link(join(d, "out/hello"), join(d, "x"))],
  ["a FIFO", "trees/special-file", (d) => execFileSync("mkfifo", [join(d, "x")])],
  ["a socket", "trees/special-file", (d) => listenOn(join(d, "x"))],
  ["a file in the place of a directory", "trees/special-file", (d) => writeFile(join(d, "x"), "")],
  ["more bytes than allowed", "trees/too-large", (d) => writeFile(join(d, "x"), "y".repeat(1001))],
  ["more files than allowed", "trees/too-many-files", (d) => manyFiles(join(d, "x"))],
  ["nothing", "trees/missing", () => undefined],
];

async function listenOn(path: string): Promise<void> {
  const server = createServer().listen(path);
  await new Promise((resolve) => server.once("listening", resolve));
  after(() => server.close());
}

async function manyFiles(directory: string): Promise<void> {
  await mkdir(directory);
  for (let i = 0; i < 11; i++) await writeFile(join(directory, `${i}`), "");
}

for (const [what, code, make] of hostileOutputs) {
  test(`refuses to collect ${what}`, async () => {
    const directory = await workDirectory();
    await make(directory);
    const path =
      what.endsWith("above the output") || what.endsWith("place of a directory") ? "x/passwd" : "x";
    assert.equal(await codeOf(collectOutputs(directory, [path], limits)), code);
  });
}

test("refuses to collect a device, and what lies on another file system", async (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root to make a device and to mount");
  const directory = await workDirectory();
  execFileSync("mknod", [join(directory, "null"), "c", "1", "3"]);
  assert.equal(await codeOf(collectOutputs(directory, ["null"], limits)), "trees/special-file");
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", join(directory, "out/deep")]);
  try {
    assert.equal(await codeOf(collectOutputs(directory, ["out"], limits)), "trees/other-device");
  } finally {
    execFileSync("umount", [join(directory, "out/deep")]);
  }
});

test("a declared output cannot lead out of the work directory", async () => {
  for (const path of ["../x", "/etc/passwd", "a/../../x", ""]) {
    assert.equal(await codeOf(collectOutputs(await workDirectory(), [path], limits)), "trees/escape");
  }
});

async function openCache(archives: Map<Digest, Buffer>, directory = freshPath()) {
  let opened = 0;
  const cache = await TreeCache.open(directory, async function* (digest) {
    opened++;
    yield archives.get(digest) ?? Buffer.alloc(0);
  });
  return { cache, directory, opened: () => opened };
}

test("the cache unpacks once for all that ask, and again after it forgets", async () => {
  const archive = await bytesOf(writeTar(tree));
  const digest = digestOf(archive);
  const { cache, opened } = await openCache(new Map([[digest, archive]]));
  const places = await Promise.all([cache.place(digest), cache.place(digest), cache.place(digest)]);
  assert.equal(new Set(places).size, 1);
  assert.equal(opened(), 1);
  assert.equal(await hashTree(places[0] ?? ""), digest);
  await cache.forget(digest);
  await cache.place(digest);
  assert.equal(opened(), 2);
});

test("the cache keeps nothing of an archive that is not what its digest says", async () => {
  const archive = await bytesOf(writeTar(tree));
  const wrong = digestOf(utf8("something else"));
  const { cache, directory } = await openCache(new Map([[wrong, archive]]));
  assert.equal(await codeOf(cache.place(wrong)), "trees/digest");
  assert.deepEqual(await readdir(directory), []);
});

test("the cache never uses what a killed process left half done", async () => {
  const archive = await bytesOf(writeTar(tree));
  const digest = digestOf(archive);
  const directory = await freshDirectory();
  await mkdir(join(directory, "staging-of-a-dead-process/a"), { recursive: true });
  const { cache } = await openCache(new Map([[digest, archive]]), directory);
  assert.deepEqual(await readdir(directory), []);
  assert.equal((await lstat(await cache.place(digest))).isDirectory(), true);
});

test("the cache lays an image's layers over each other", async () => {
  const [lower, upper] = [
    await bytesOf(writeTar([file("a", "1")])),
    await bytesOf(writeTar([file("a", "2")])),
  ];
  const { cache } = await openCache(new Map([lower, upper].map((bytes) => [digestOf(bytes), bytes])));
  const place = await cache.place(digestOf(lower), digestOf(upper));
  assert.equal(await readFile(join(place, "a"), "utf8"), "2");
});
