import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

import { readTar } from "./read.ts";
import type { TarLimits } from "./read.ts";
import {
  chunksOf,
  collect,
  describe,
  end,
  extended,
  file,
  header,
  padded,
  withChecksum,
} from "./tar.testing.ts";
import { writeTar } from "./write.ts";

const size = (bytes: number) => `${bytes.toString(8).padStart(11, "0")}\0`;

async function codeOf(blocks: Uint8Array[], limits?: Partial<TarLimits>): Promise<unknown> {
  try {
    await describe(Buffer.concat(blocks), limits);
    return "read";
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

const accepted: [string, Uint8Array[], string[]][] = [
  ["an archive of nothing", [end], []],
  ["the NUL type flag of old archives", [header({ type: "\0" }), end], ["file 644 a "]],
  ["GNU's magic", [header({ magic: "ustar  \0" }), end], ["file 644 a "]],
  ["a root directory, which is no entry", [header({ name: "./", type: "5" }), end], []],
  ["a leading ./", [header({ name: "./b" }), end], ["file 644 b "]],
  ["the comment of git archive", [extended("g", "13 comment=1\n"), header({}), end], ["file 644 a "]],
  ["a pax path", [extended("x", "10 path=b\n"), header({}), end], ["file 644 b "]],
  ["a GNU long name", [extended("L", "b/c\0"), header({}), end], ["file 644 b/c "]],
  ["a GNU long link", [extended("K", "x/y\0"), header({ type: "2" }), end], ["symlink a -> x/y"]],
  ["padding to a record", [header({}), end, Buffer.alloc(9216)], ["file 644 a "]],
  ["a backslash", [header({ name: "a\\b" }), end], ["file 644 a\\b "]],
  [
    "a directory given after what is in it",
    [header({ name: "d/a" }), header({ name: "d/", type: "5" }), end],
    ["file 644 d/a ", "directory 644 d"],
  ],
];

for (const [what, blocks, lines] of accepted) {
  test(`reads ${what}`, async () => assert.deepEqual(await describe(Buffer.concat(blocks)), lines));
}

const refused: [string, Uint8Array[], string][] = [
  ["an absolute path", [header({ name: "/etc/passwd" })], "tar/path"],
  ["a path that climbs", [header({ name: "a/../b" })], "tar/path"],
  ["a path that climbs behind ./", [header({ name: "./../b" })], "tar/path"],
  ["an empty path", [header({ name: "" })], "tar/path"],
  ["an empty name inside", [header({ name: "a//b" })], "tar/path"],
  ["a dot inside", [header({ name: "a/./b" })], "tar/path"],
  ["a newline in a name", [header({ name: "a\nb" })], "tar/path"],
  ["a file that ends in a slash", [header({ name: "a/" })], "tar/path"],
  ["a name longer than 255 bytes", [extended("L", `${"n".repeat(256)}\0`), header({})], "tar/path"],
  ["a path longer than 4096 bytes", [extended("L", `${"n/".repeat(2049)}n\0`), header({})], "tar/path"],
  ["a name that is not UTF-8", [header({ name: Uint8Array.of(0x61, 0xff) })], "bytes/utf8"],
  ["NUL in a pax path", [extended("x", "12 path=b\0c\n"), header({})], "tar/path"],
  ["a path twice", [header({}), header({})], "tar/duplicate"],
  ["a path twice, once behind ./", [header({}), header({ name: "./a" })], "tar/duplicate"],
  [
    "a directory twice",
    [header({ name: "d/", type: "5" }), header({ name: "d/", type: "5" })],
    "tar/duplicate",
  ],
  ["a file over a directory", [header({ name: "a/b" }), header({ name: "a" })], "tar/duplicate"],
  ["an entry below a file", [header({}), header({ name: "a/b" })], "tar/below-non-directory"],
  [
    "an entry below a symbolic link",
    [header({ type: "2", link: "/etc" }), header({ name: "a/b/c" })],
    "tar/below-non-directory",
  ],
  ["a hard link", [header({}), header({ name: "b", type: "1", link: "a" })], "tar/entry-type"],
  ["a character device", [header({ type: "3" })], "tar/entry-type"],
  ["a block device", [header({ type: "4" })], "tar/entry-type"],
  ["a FIFO", [header({ type: "6" })], "tar/entry-type"],
  ["a GNU sparse file", [header({ type: "S" })], "tar/entry-type"],
  ["a type flag nobody knows", [header({ type: "Z" })], "tar/entry-type"],
  ["a directory with content", [header({ type: "5", size: size(1) }), padded("x")], "tar/entry-type"],
  ["a pax sparse file", [extended("x", "22 GNU.sparse.major=1\n"), header({})], "tar/pax"],
  ["an extended attribute", [extended("x", "20 SCHILY.xattr.a=b\n"), header({})], "tar/pax"],
  ["a global path", [extended("g", "10 path=b\n"), header({})], "tar/pax"],
  ["a pax key twice", [extended("x", "10 path=b\n10 path=c\n"), header({})], "tar/pax"],
  ["a pax record that is longer than it says", [extended("x", "8 path=b\n"), header({})], "tar/pax"],
  ["a pax record that is shorter than it says", [extended("x", "99 path=b\n"), header({})], "tar/pax"],
  ["a pax length with a sign", [extended("x", "+10 path=b\n"), header({})], "tar/pax"],
  ["a pax size that is not a number", [extended("x", "11 size=1x\n"), header({})], "tar/pax"],
  ["a long name without its NUL", [extended("L", "b"), header({})], "tar/pax"],
  ["an extended header of 1 MiB", [extended("x", `x${" ".repeat(1 << 20)}`)], "tar/pax"],
  ["a set-user-id bit", [header({ mode: "0004755\0" })], "tar/mode"],
  ["an empty link target", [header({ type: "2" })], "tar/link"],
  ["a wrong checksum", [Buffer.concat([header({}).fill("b", 0, 1)])], "tar/header"],
  ["a foreign magic", [header({ magic: "\0\0\0\0\0\0\0\0" })], "tar/header"],
  ["a size that is not octal", [header({ size: "0000000000z\0" })], "tar/header"],
  [
    "a negative base-256 size",
    [withSizeBytes([0xff, ...Array.from({ length: 11 }, () => 0xff)])],
    "tar/header",
  ],
  [
    "a size beyond counting",
    [withSizeBytes([0x80, ...Array.from({ length: 11 }, () => 0xff)])],
    "tar/header",
  ],
  [
    "padding that hides something",
    [header({ size: size(1) }), padded("x").fill("y", 1)],
    "tar/trailing-data",
  ],
  ["data after the end", [header({}), end, Buffer.from("more")], "tar/trailing-data"],
  ["one zero block and more", [Buffer.alloc(512), header({})], "tar/trailing-data"],
  ["zeros without end", [end, Buffer.alloc((1 << 20) + 512)], "tar/trailing-data"],
];

function withSizeBytes(bytes: number[]): Buffer {
  const block = header({});
  block.set(bytes, 124);
  return withChecksum(block);
}

for (const [what, blocks, code] of refused) {
  test(`refuses ${what}`, async () => {
    const tail = code === "tar/trailing-data" ? [] : [end];
    assert.equal(await codeOf([...blocks, ...tail]), code);
  });
}

test("refuses an archive cut off at any byte", async () => {
  const whole = await collect(writeTar([file("a/b", "content")]));
  for (let cut = 0; cut < whole.length; cut += 61) {
    assert.equal(await codeOf([whole.subarray(0, cut)]), "tar/truncated", `cut at ${cut}`);
  }
});

test("reads a size in base 256, and refuses what is larger than its limits", async () => {
  const block = withSizeBytes([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
  assert.deepEqual(await describe(Buffer.concat([block, padded("abc"), end])), ["file 644 a abc"]);
  assert.equal(await codeOf([block, padded("abc"), end], { fileBytes: 2 }), "tar/too-large");
  assert.equal(await codeOf([block, padded("abc"), end], { totalBytes: 2 }), "tar/too-large");
});

test("counts extended headers as entries", async () => {
  const remarks = Array.from({ length: 5 }, () => extended("g", "13 comment=1\n"));
  assert.equal(await codeOf([...remarks, end], { entries: 5 }), "read");
  assert.equal(await codeOf([...remarks, end], { entries: 4 }), "tar/too-many-entries");
});

test("skips a content that nobody reads, and half of one", async () => {
  const archive = await collect(writeTar([file("a", "a".repeat(3000)), file("b", "b"), file("c", "c")]));
  const seen: string[] = [];
  for await (const entry of readTar(chunksOf(archive, 100))) {
    seen.push(entry.path);
    if (entry.path === "a" && entry.kind === "file") for await (const _chunk of entry.content()) break;
  }
  assert.deepEqual(seen, ["a", "b", "c"]);
});

test("a content cannot be read after its turn", async () => {
  const entries = [];
  for await (const entry of readTar(writeTar([file("a", "x")]))) entries.push(entry);
  const [entry] = entries;
  assert.ok(entry?.kind === "file");
  await assert.rejects(collect(entry.content()), TypeError);
});

test("reads what GNU tar writes, in both of its formats", async (t) => {
  for (const format of ["gnu", "pax", "ustar"]) {
    const made = spawnSync("tar", [
      "-C",
      import.meta.dirname,
      `--format=${format}`,
      "-cf",
      "-",
      "read.ts",
      "write.ts",
    ]);
    if (made.error) return t.skip("tar is not installed");
    const lines = await describe(made.stdout);
    assert.deepEqual(
      lines.map((line) => line.split(" ")[2]),
      ["read.ts", "write.ts"],
    );
  }
});
