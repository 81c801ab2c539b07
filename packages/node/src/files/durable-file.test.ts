import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { utf8 } from "custody/ground";

import { createFile, fileFault, makeDirectory, replaceFile } from "./index.ts";

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "custody-files-"));
});
after(() => rm(directory, { recursive: true }));

test("puts a whole file in place with its mode and leaves no staging file", async () => {
  const path = join(directory, "replaced");
  await replaceFile(path, utf8("one"), { mode: 0o600 });
  await replaceFile(path, utf8("two"), { mode: 0o600 });
  assert.equal(await readFile(path, "utf8"), "two");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(directory), ["replaced"]);
});

test("lets exactly one of several concurrent writers create a file", async () => {
  const path = join(directory, "created");
  const won = await Promise.all(["a", "b", "c"].map((text) => createFile(path, utf8(text))));
  assert.equal(won.filter(Boolean).length, 1);
  assert.equal(await readFile(path, "utf8"), ["a", "b", "c"][won.indexOf(true)]);
});

test("leaves nothing behind when the name cannot be replaced", async () => {
  await makeDirectory(join(directory, "taken/deeply/nested"));
  await assert.rejects(replaceFile(join(directory, "taken"), utf8("x")));
  assert.deepEqual(
    (await readdir(directory)).filter((name) => name.endsWith(".tmp")),
    [],
  );
});

test("tells a full disk from any other failure", () => {
  const check = (code: string, expected: string) =>
    assert.equal(fileFault(Object.assign(new Error(code), { code }), "f").code, expected);
  check("ENOSPC", "files/disk-full");
  check("EDQUOT", "files/disk-full");
  check("EACCES", "files/unavailable");
});
