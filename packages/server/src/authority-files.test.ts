import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { formatTrustedRoot } from "custody/evidence";
import { parseTrustDomain } from "custody/spiffe";

import { openAuthorities } from "./authority-files.ts";

const top = await mkdtemp(join(tmpdir(), "custody-authorities-"));
after(() => rm(top, { recursive: true, force: true }));
const trustDomain = parseTrustDomain("example.org");

test("makes keys for the owner only, and finds the same trust again", async () => {
  const directory = join(top, "a");
  const first = await openAuthorities(directory, trustDomain);
  const again = await openAuthorities(directory, trustDomain);
  assert.deepEqual(
    formatTrustedRoot(again.authorities.trustedRoot),
    formatTrustedRoot(first.authorities.trustedRoot),
  );
  const keys = (await readdir(join(directory, "keys"))).filter((name) => name.endsWith(".key"));
  assert.deepEqual(keys.sort(), ["intermediate.key", "log.key", "root.key", "timestamp.key"]);
  for (const name of keys) assert.equal((await stat(join(directory, "keys", name))).mode & 0o777, 0o600);
  assert.equal((await stat(join(directory, "keys"))).mode & 0o777, 0o700);
});

test("needs the root key only once: it can be kept elsewhere", async () => {
  const directory = join(top, "b");
  const first = await openAuthorities(directory, trustDomain);
  await rename(join(directory, "keys", "root.key"), join(top, "root.key"));
  const again = await openAuthorities(directory, trustDomain);
  assert.deepEqual(
    again.authorities.intermediate.certificate.der,
    first.authorities.intermediate.certificate.der,
  );
  assert.equal((await readdir(join(directory, "keys"))).includes("root.key"), false);
});

test("refuses a key that others could read", async () => {
  const directory = join(top, "c");
  await openAuthorities(directory, trustDomain);
  await chmod(join(directory, "keys", "log.key"), 0o644);
  await assert.rejects(openAuthorities(directory, trustDomain), { code: "crypto/key-exposed" });
});

test("refuses a directory of another trust domain", async () => {
  const directory = join(top, "d");
  await openAuthorities(directory, trustDomain);
  await assert.rejects(openAuthorities(directory, parseTrustDomain("example.com")), {
    code: "server/trust-domain",
  });
});

test("goes on with the files that a start which was cut short has made", async () => {
  const directory = join(top, "e");
  const { authorities } = await openAuthorities(directory, trustDomain);
  await rm(join(directory, "trusted_root.json"));
  await rm(join(directory, "keys", "timestamp.crt"));
  const again = await openAuthorities(directory, trustDomain);
  assert.deepEqual(again.authorities.intermediate.certificate.der, authorities.intermediate.certificate.der);
  assert.equal(again.authorities.trustedRoot.timestampAuthorities.length, 1);
});
