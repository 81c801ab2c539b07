import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
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
  assert.deepEqual(keys.sort(), [
    "certificate-log.key",
    "identity-token.key",
    "intermediate.key",
    "keyless-root.key",
    "keyless.key",
    "log.key",
    "root.key",
    "timestamp.key",
  ]);
  for (const name of keys) assert.equal((await stat(join(directory, "keys", name))).mode & 0o777, 0o600);
  assert.equal((await stat(join(directory, "keys"))).mode & 0o777, 0o700);
});

test("needs the root keys only once: they can be kept elsewhere", async () => {
  const directory = join(top, "b");
  const first = await openAuthorities(directory, trustDomain);
  for (const name of ["root.key", "keyless-root.key"]) {
    await rename(join(directory, "keys", name), join(top, name));
  }
  const again = await openAuthorities(directory, trustDomain);
  assert.deepEqual(
    again.authorities.intermediate.certificate.der,
    first.authorities.intermediate.certificate.der,
  );
  assert.equal(
    (await readdir(join(directory, "keys"))).filter((name) => name.endsWith("root.key")).length,
    0,
  );
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

test("adds to the trust of an older directory what it did not name, and leaves its log its name", async () => {
  const directory = join(top, "f");
  const { authorities } = await openAuthorities(directory, trustDomain);
  const whole = authorities.trustedRoot;
  const log = { ...whole.logs[0]!, origin: "example.org/log", baseUrl: "https://example.org/log" };
  const older = { ...whole, logs: [log], authorities: whole.authorities.slice(0, 1), certificateLogs: [] };
  await writeFile(join(directory, "trusted_root.json"), JSON.stringify(formatTrustedRoot(older)));
  const again = await openAuthorities(directory, trustDomain);
  assert.equal(again.logOrigin, "example.org/log");
  const expected = { ...whole, logs: [log] };
  assert.deepEqual(formatTrustedRoot(again.authorities.trustedRoot), formatTrustedRoot(expected));
  const kept = JSON.parse(await readFile(join(directory, "trusted_root.json"), "utf8")) as unknown;
  assert.deepEqual(kept, JSON.parse(JSON.stringify(formatTrustedRoot(expected))));
});
