import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

import { instantOf, utf8 } from "custody/ground";
import {
  assert as check,
  asyncProperty,
  property,
  stringMatching,
  string as anyString,
  tuple,
  uniqueArray,
} from "fast-check";

import type { TreeEntry } from "./entry.ts";
import { comparePaths } from "./path.ts";
import { collect, describe, directory, file, hashOf, symlink } from "./tar.testing.ts";
import { writeTar } from "./write.ts";

const tree: TreeEntry[] = [
  file("src/main.c", "int main(void) { return 0; }\n"),
  file("build.sh", "#!/bin/sh\n", 0o755),
  symlink("latest", "src/main.c"),
  directory("empty"),
  file("src-old/note", "old"),
];

async function codeOf(entries: TreeEntry[]): Promise<unknown> {
  try {
    await collect(writeTar(entries));
    return "written";
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

test("writes the same bytes whatever the order of the entries", async () => {
  assert.equal(await hashOf(writeTar(tree)), await hashOf(writeTar(tree.toReversed())));
});

test("keeps to one digest for one tree, over releases", async () => {
  assert.equal(
    await hashOf(writeTar([file("a/b", "hello\n"), symlink("c", "a/b")])),
    "b1f1e4fe8585b2ecc828ebb6da5b2123535a8d661ece7bd593ec29d53854563e",
  );
});

test("writes parents that nobody gave, sorted by path bytes", async () => {
  assert.deepEqual(await describe(await collect(writeTar(tree))), [
    "file 755 build.sh #!/bin/sh\n",
    "directory 755 empty",
    "symlink latest -> src/main.c",
    "directory 755 src",
    "directory 755 src-old",
    "file 644 src-old/note old",
    "file 644 src/main.c int main(void) { return 0; }\n",
  ]);
});

test("GNU tar reads what is written: owner 0, the time that was given, long and non-ASCII names", async (t) => {
  const long = `${"deep/".repeat(60)}größe`;
  const archive = await collect(
    writeTar([file(long, "x"), symlink("l", long)], { modifiedAt: instantOf(86_400_000) }),
  );
  const listed = spawnSync(
    "tar",
    ["--full-time", "--utc", "--numeric-owner", "--quoting-style=literal", "-tvf", "-"],
    {
      input: archive,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8" },
    },
  );
  if (listed.error) return t.skip("tar is not installed");
  const lines = listed.stdout.trimEnd().split("\n");
  assert.equal(listed.stderr, "");
  assert.equal(lines.length, 62);
  assert.equal(lines.at(-2), `-rw-r--r-- 0/0               1 1970-01-02 00:00:00 ${long}`);
  assert.ok(lines.at(-1)?.endsWith(`l -> ${long}`));
});

const refusals: [string, TreeEntry[], string][] = [
  ["an absolute path", [file("/etc/passwd")], "tar/path"],
  ["a path that climbs", [file("a/../../b")], "tar/path"],
  ["a set-user-id bit", [file("a", "", 0o4755)], "tar/mode"],
  ["a path given twice", [file("a"), symlink("a", "b")], "tar/duplicate"],
  ["a path below a symbolic link", [symlink("a", "/etc"), file("a/b")], "tar/below-non-directory"],
  ["an empty link target", [symlink("a", "")], "tar/link"],
];

for (const [what, entries, code] of refusals) {
  test(`refuses ${what}`, async () => assert.equal(await codeOf(entries), code));
}

test("fails when a content is shorter or longer than its entry says", async () => {
  const honest = file("a", "four");
  assert.ok(honest.kind === "file");
  assert.equal(await codeOf([honest]), "written");
  assert.equal(await codeOf([{ ...honest, sizeBytes: 5 }]), "tar/size");
  assert.equal(await codeOf([{ ...honest, sizeBytes: 3 }]), "tar/size");
});

test("fails with what a content fails with", async () => {
  const broken = new Error("disk");
  const entry: TreeEntry = {
    ...file("a"),
    kind: "file",
    mode: 0o644,
    sizeBytes: 1,
    // oxlint-disable-next-line require-yield -- it fails before its first byte
    async *content() {
      throw broken;
    },
  };
  await assert.rejects(collect(writeTar([entry])), broken);
});

test("orders paths as their UTF-8 bytes, not as UTF-16", () => {
  const byBytes = (a: string, b: string) => Math.sign(Buffer.compare(utf8(a), utf8(b)));
  check(
    property(anyString({ unit: "binary" }), anyString({ unit: "binary" }), (a, b) => {
      assert.equal(Math.sign(comparePaths(a, b)), byBytes(a, b));
    }),
  );
});

const name = stringMatching(/^[a-zß-ü .-]{1,20}$/u).filter((text) => text !== "." && text !== "..");
const flatTree = uniqueArray(tuple(name, anyString()), { selector: ([path]) => path, maxLength: 12 });

test("reads back every tree it writes", async () => {
  await check(
    asyncProperty(flatTree, async (pairs) => {
      const entries = pairs.map(([path, text]) => file(`d/${path}`, text));
      const lines = await describe(await collect(writeTar(entries)));
      const expected = pairs.map(
        ([path, text]) => `file 644 d/${path} ${Buffer.from(utf8(text)).toString()}`,
      );
      assert.deepEqual(lines.slice(1).sort(), expected.sort());
    }),
    { numRuns: 50 },
  );
});
