import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

import { openAttestationFolder } from "./index.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "custody-attestations-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("lists every file by its name, in one order; hidden files and folders are none", async () => {
  for (const name of ["test.b.json", "clone.a.json", ".hidden", "any"])
    writeFileSync(join(folder, name), name);
  mkdirSync(join(folder, "below.x.json"));
  const found = await openAttestationFolder(folder).list();
  assert.deepEqual(
    found.map(({ name, content }) => [name, Buffer.from(content).toString()]),
    [
      ["any", "any"],
      ["clone.a.json", "clone.a.json"],
      ["test.b.json", "test.b.json"],
    ],
  );
});

test("refuses a file that is too large, and more files than are read", async () => {
  const large = join(folder, "large.json");
  writeFileSync(large, "");
  truncateSync(large, 16 * 1024 * 1024 + 1);
  const expected = { code: "in-toto/links" };
  await assert.rejects(openAttestationFolder(folder).list(), expected);
  rmSync(large);
  for (let i = 0; i < 1024; i++) writeFileSync(join(folder, `${i}`), "");
  assert.equal((await openAttestationFolder(folder).list()).length, 1024);
  writeFileSync(join(folder, "one-more"), "");
  await assert.rejects(openAttestationFolder(folder).list(), expected);
});

test("says which folder is not there", async () => {
  const missing = join(folder, "nowhere");
  await assert.rejects(openAttestationFolder(missing).list(), { code: "in-toto/links", subject: missing });
});
