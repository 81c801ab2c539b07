import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

import { equalBytes, utf8 } from "custody/ground";

import { nodeCrypto, openKeyFile } from "./index.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "custody-keys-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("makes a key file for the owner only, and opens the same key again", async () => {
  const path = join(directory, "new", "log.key");
  const first = await openKeyFile(path, "ed25519");
  const second = await openKeyFile(path, "ed25519");
  const data = utf8("data");
  assert.equal(nodeCrypto.verify(first.publicKey, await second.sign(data), data), true);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(join(directory, "new")), ["log.key"]);
});

test("gives one key to all who come first together", async () => {
  const path = join(directory, "root.key");
  const signers = await Promise.all(Array.from({ length: 8 }, () => openKeyFile(path, "ecdsa-p256-sha256")));
  const [first] = signers;
  assert.ok(signers.every(({ publicKey }) => equalBytes(publicKey.spki, first!.publicKey.spki)));
});

test("refuses a key file that group or others may use", async () => {
  const path = join(directory, "log.key");
  await openKeyFile(path, "ed25519");
  for (const mode of [0o640, 0o604, 0o620, 0o601]) {
    await chmod(path, mode);
    await assert.rejects(openKeyFile(path, "ed25519"), { code: "crypto/key-exposed" });
  }
});

test("refuses a key of another scheme, and never replaces it", async () => {
  const path = join(directory, "log.key");
  const { publicKey } = await openKeyFile(path, "ed25519");
  await assert.rejects(openKeyFile(path, "ecdsa-p256-sha256"), { code: "crypto/key-scheme" });
  assert.deepEqual((await openKeyFile(path, "ed25519")).publicKey, publicKey);
});

test("refuses an empty, torn or oversized key file, a directory and a link", async () => {
  const path = join(directory, "log.key");
  await openKeyFile(path, "ed25519");
  const torn = (await readFile(path, "utf8")).slice(0, 60);
  for (const content of ["", torn, "x".repeat(20_000)]) {
    await writeFile(path, content, { mode: 0o600 });
    await assert.rejects(openKeyFile(path, "ed25519"), { code: "crypto/key-malformed" });
  }
  await assert.rejects(openKeyFile(directory, "ed25519"), { code: "crypto/key-malformed" });
  await symlink(path, join(directory, "link.key"));
  await assert.rejects(openKeyFile(join(directory, "link.key"), "ed25519"), { code: "files/unavailable" });
});
