import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { testWitnessStore } from "../../../custody/src/witness/contract.ts";
import { openWitnessFiles } from "./index.ts";

let directory: string;
let count = 0;
const nextFolder = () => join(directory, String(++count));
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "custody-witness-"));
});
after(() => rm(directory, { recursive: true }));

testWitnessStore("the witness store in files", () => openWitnessFiles(nextFolder()));

test("finds after a new start what was recorded before, in files for the owner only", async () => {
  const folder = nextFolder();
  await (await openWitnessFiles(folder)).replace("log.example", "one\n", undefined);
  const again = await openWitnessFiles(folder);
  assert.equal(await again.find("log.example"), "one\n");
  assert.equal(await again.replace("log.example", "two\n", undefined), false);
  const files = await readdir(folder);
  assert.equal(files.length, 1, "no staging file is left");
  assert.equal((await stat(join(folder, files[0]!))).mode & 0o777, 0o600);
});

test("takes no record that it cannot read for one that is not there", async () => {
  const folder = nextFolder();
  const store = await openWitnessFiles(folder);
  await store.replace("log.example", "one\n", undefined);
  const [file] = await readdir(folder);
  await writeFile(join(folder, file!), new Uint8Array([0xff]));
  await assert.rejects(store.find("log.example"), { code: "files/unavailable" });
  await assert.rejects(store.replace("log.example", "two\n", undefined), { code: "files/unavailable" });
});

test("goes on after a write that failed", async () => {
  const folder = nextFolder();
  const store = await openWitnessFiles(folder);
  await store.replace("log.example", "one\n", undefined);
  await rm(folder, { recursive: true });
  await assert.rejects(store.replace("log.example", "two\n", undefined), { code: "files/unavailable" });
  const again = await openWitnessFiles(folder);
  assert.equal(await again.replace("log.example", "two\n", undefined), true);
  assert.equal(await store.replace("log.example", "three\n", "two\n"), true);
});
