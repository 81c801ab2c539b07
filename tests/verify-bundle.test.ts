import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { custody } from "../demo/custody.ts";
import { bytesOf } from "../packages/custody/src/sigstore/bend.testing.ts";
import {
  artifact,
  forgeBundle,
  identity,
  makeKey,
  makeWorld,
  oidcIssuer,
} from "../packages/custody/src/sigstore/forge.testing.ts";

const folder = mkdtempSync(join(tmpdir(), "custody-verify-bundle-"));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const world = await makeWorld();
const key = makeKey("p256");
const file = write("artifact", artifact);
const root = write("root.json", bytesOf(world.root));
const keyless = write("keyless.json", bytesOf(await forgeBundle(world, { entry: "dsse 0.0.2" })));
const keyed = write("keyed.json", bytesOf(await forgeBundle(world, { key, keyed: true })));
const base64 = Buffer.from(key.spki).toString("base64");
const pem = write("key.pub", `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`);
const signer = ["--certificate-identity", identity, "--certificate-oidc-issuer", oidcIssuer];

async function check(words: readonly string[], exitCode: number, expected: RegExp): Promise<void> {
  const complaints: string[] = [];
  const answer = await custody(["verify-bundle", ...words], (line) => complaints.push(line));
  const said = [answer.stdout, ...complaints].join("\n");
  assert.match(said, expected);
  assert.equal(answer.exitCode, exitCode, said);
}

test("says yes to a signature that holds, and whose it is", async () => {
  await check(["--bundle", keyless, "--trusted-root", root, ...signer, file], 0, /by https:\/\/example.org/);
  await check(["--bundle", keyed, "--trusted-root", root, "--key", pem, file], 0, /the key that you gave/);
});

test("a key is asked for instead of an identity, whatever identity is named besides", async () => {
  await check(
    ["--bundle", keyed, "--trusted-root", root, "--key", pem, ...signer, file],
    0,
    /the key that you gave/,
  );
  await check(
    ["--bundle", keyless, "--trusted-root", root, "--key", pem, ...signer, file],
    1,
    /material-mismatch/,
  );
});

test("refuses with a reason code, the subject and the next step", async () => {
  const other = write("other", "something else");
  await check(
    ["--bundle", keyless, "--trusted-root", root, ...signer, other],
    1,
    /^sha256:[0-9a-f]{64}: refused \[sigstore\/subject-mismatch\]\n.*\n {2}next: /,
  );
});

test("trusts Sigstore's public instance, and nobody else, when no root is given", async () => {
  await check(["--bundle", keyless, ...signer, file], 1, /sigstore\/timestamp-invalid/);
});

test("cannot decide about what it cannot read, and about nobody", async () => {
  await check(["--bundle", root, "--trusted-root", root, ...signer, file], 2, /sigstore\/bundle-malformed/);
  await check(
    ["--bundle", keyless, "--trusted-root", keyless, ...signer, file],
    2,
    /sigstore\/root-malformed/,
  );
  await check(["--bundle", keyless, "--trusted-root", root, file], 2, /cli\/usage/);
  await check(["--bundle", keyed, "--key", file, file], 2, /sigstore\/key-malformed/);
  await check(["--bundle", keyed, "--key", pem, join(folder, "nothing")], 2, /cli\/read/);
  await check(
    ["--bundle", keyed, "--trusted-root", root, "--key", pem, `sha512:${"0".repeat(128)}`],
    2,
    /digest-unknown/,
  );
});

test("takes the digests of a file that is too large to be held", async () => {
  const large = write("large", "");
  truncateSync(large, 257 * 1024 * 1024);
  await check(["--bundle", keyless, "--trusted-root", root, ...signer, large], 1, /subject-mismatch/);
});

test("prints one JSON value with --json, however it ends", async () => {
  const words = ["verify-bundle", "--json", "--bundle", keyless, "--trusted-root", root, ...signer];
  const yes = JSON.parse((await custody([...words, file])).stdout) as { verdict: string };
  assert.equal(yes.verdict, "verified");
  const no = JSON.parse((await custody([...words, root])).stdout) as { reasons: { next: string }[] };
  assert.ok(no.reasons[0]?.next);
});

test("a TUF repository is named by its URL and its root, and in the place of a trusted root", async () => {
  const [url, first] = [
    ["--tuf-url", "http://127.0.0.1:1"],
    ["--tuf-root", root],
  ] as const;
  await check(["--bundle", keyless, ...url, ...signer, file], 2, /give both --tuf-url and --tuf-root/);
  await check(["--bundle", keyless, ...first, ...signer, file], 2, /give both --tuf-url and --tuf-root/);
  await check(["--bundle", keyless, ...url, ...first, ...signer, file], 2, /tuf\/malformed/);
  await check(
    ["--bundle", keyless, "--trusted-root", root, ...url, ...first, ...signer, file],
    2,
    /cannot be used/,
  );
});
