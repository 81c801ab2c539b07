import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

import { lockDirectory } from "./index.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "custody-lock-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function startOwner() {
  const module = new URL("lock-directory.ts", import.meta.url).href;
  const script = `const { lockDirectory } = await import(${JSON.stringify(module)});
    await lockDirectory(${JSON.stringify(directory)}); console.log("held"); setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(owner.stdout, "data");
  return owner;
}

test("refuses a second owner and names the first", async () => {
  const lock = await lockDirectory(directory);
  await assert.rejects(lockDirectory(directory), { code: "files/locked", details: { pid: process.pid } });
  await lock.release();
  await (await lockDirectory(directory)).release();
});

test("takes the directory over from an owner that was killed, at once", async () => {
  const owner = await startOwner();
  await assert.rejects(lockDirectory(directory), { code: "files/locked", details: { pid: owner.pid } });
  owner.kill("SIGKILL");
  await once(owner, "exit");
  await (await lockDirectory(directory)).release();
});

test("is not held up by a process id left in the file, its own included", async () => {
  await writeFile(join(directory, "lock"), `${process.pid}\n`);
  await (await lockDirectory(directory)).release();
});

test("says that a directory which is not there cannot be locked", async () => {
  await assert.rejects(lockDirectory(join(directory, "missing")), { code: "files/lock-failed" });
});
