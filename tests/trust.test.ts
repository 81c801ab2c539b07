import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { bundleToJSON } from "@sigstore/bundle";
import type { SerializedBundle } from "@sigstore/bundle";
import { SigningConfig } from "@sigstore/protobuf-specs";
import { bundleBuilderFromSigningConfig } from "@sigstore/sign";
import { nodeCrypto } from "@custody/node/crypto";
import { parseTrustedRoot, revisionOf } from "custody/evidence";
import { digestOf, parseJson, utf8 } from "custody/ground";
import { verify } from "sigstore";

import { custody } from "../demo/custody.ts";
import { LiveServer, makeFolder, skip } from "./live.testing.ts";

const artifact = Buffer.from("what is signed");
const identity = "alice@live.test";
const deadline = { timeout: 120_000 };

let top = "";
let directory = "";
let server: LiveServer;

before(async () => {
  if (skip) return;
  top = await makeFolder("trust");
  directory = join(top, "server");
  process.env["XDG_STATE_HOME"] = join(top, "state");
  server = await LiveServer.start(directory);
});
after(async () => {
  if (skip) return;
  await server.stop();
  await rm(top, { recursive: true, force: true });
});

async function call(args: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const said: string[] = [];
  const result = await custody(args, (line) => said.push(line));
  return { ...result, stderr: said.join("\n") };
}

async function run(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await call(args);
  assert.equal(exitCode, 0, `${args.join(" ")}: ${stderr}`);
  return stdout;
}

interface Shown {
  readonly trustedRoot: { readonly revision: string };
  readonly roles: Readonly<Record<string, { readonly version: number }>>;
  readonly root: {
    readonly signed: { readonly roles: { readonly root: { keyids: string[]; threshold: number } } };
  };
}

async function show(): Promise<Shown> {
  return JSON.parse(await run("trust", "show", "--json", "--dir", directory)) as Shown;
}

async function versions(): Promise<readonly (number | undefined)[]> {
  const { roles } = await show();
  return ["root", "targets", "snapshot", "timestamp"].map((role) => roles[role]?.version);
}

/** Signs as the signing configuration in the repository says. */
async function signNow(): Promise<SerializedBundle> {
  const config: unknown = await (await fetch(`${server.url}/signing_config.json`)).json();
  const token = JSON.parse(await run("token", identity, "--json", "--dir", directory)) as { token: string };
  const builder = bundleBuilderFromSigningConfig({
    signingConfig: SigningConfig.fromJSON(config),
    identityProvider: { getToken: () => Promise.resolve(token.token) },
    bundleType: "messageSignature",
  });
  return bundleToJSON(await builder.create({ data: artifact }));
}

/** The npm client, which knows the first root and follows the repository from there. */
async function verifyAsClient(bundle: SerializedBundle, data = artifact): Promise<void> {
  const root = join(top, "1.root.json");
  await verify(bundle, data, {
    tufMirrorURL: `${server.url}/tuf`,
    tufRootPath: root,
    tufCachePath: join(top, "cache"),
    certificateIdentityEmail: identity,
    certificateIssuer: "https://live.test",
  });
}

/** `custody tuf`, which does too: the versions of the roles, and the trusted root that it comes to, which the server has. */
async function followAsCustody(): Promise<readonly number[]> {
  const trust = ["--metadata-dir", join(top, "followed")];
  const there = [...trust, "--metadata-url", `${server.url}/tuf`, "--json"];
  await run("tuf", ...trust, "init", join(top, "1.root.json")).catch(() => undefined);
  const targets = ["--target-name", "trusted_root.json", "--target-dir", top];
  await run("tuf", ...there, ...targets, "download");
  const served = await (await fetch(`${server.url}/trusted_root.json`)).text();
  assert.deepEqual(JSON.parse(await readFile(join(top, "trusted_root.json"), "utf8")), JSON.parse(served));
  const { roles } = JSON.parse(await run("tuf", ...there, "refresh")) as {
    roles: readonly { readonly role: string; readonly version: number }[];
  };
  const order = ["root", "targets", "snapshot", "timestamp"];
  return order.map((role) => roles.find((each) => each.role === role)?.version ?? 0);
}

/** `custody verify-bundle`, which asks the repository whom to trust. */
async function verifyAsCustody(bundle: SerializedBundle, root = "1.root.json"): Promise<number> {
  const [file, signed] = [join(top, "artifact"), join(top, "bundle.json")];
  await Promise.all([writeFile(file, artifact), writeFile(signed, JSON.stringify(bundle))]);
  const signer = ["--certificate-identity", identity, "--certificate-oidc-issuer", "https://live.test"];
  const trust = ["--tuf-url", `${server.url}/tuf`, "--tuf-root", join(top, root)];
  return (await call(["verify-bundle", "--bundle", signed, ...signer, ...trust, file])).exitCode;
}

test("the npm client comes from the first root to whom to trust", { skip, ...deadline }, async () => {
  await writeFile(join(top, "1.root.json"), await (await fetch(`${server.url}/tuf/1.root.json`)).text());
  const bundle = await signNow();
  await verifyAsClient(bundle);
  await assert.rejects(verifyAsClient(bundle, Buffer.from("what is not")));
  assert.deepEqual(await versions(), [1, 1, 1, 1]);
  assert.deepEqual(await followAsCustody(), [1, 1, 1, 1]);
  assert.equal(await verifyAsCustody(bundle), 0);
});

test("the trusted root is shown by its revision", { skip, ...deadline }, async () => {
  const served = await (await fetch(`${server.url}/trusted_root.json`)).text();
  const revision = revisionOf(
    (bytes) => digestOf(nodeCrypto, bytes),
    parseTrustedRoot(parseJson(utf8(served))),
  );
  assert.equal((await show()).trustedRoot.revision, revision);
  const [first] = (await run("trust", "show", "--dir", directory)).split("\n");
  assert.equal(first, `trusted root ${revision}`);
});

test(
  "root keys are kept elsewhere, more of them sign, and clients follow",
  { skip, ...deadline },
  async () => {
    const keys = join(top, "offline");
    await mkdir(keys);
    const first = join(directory, "keys", "tuf-root.key");
    const [alice, bob] = [join(keys, "alice.key"), join(keys, "bob.key")];
    for (const key of [alice, bob]) await run("trust", "new-key", key);
    const add = ["--add", `${alice}.pub`, "--add", `${bob}.pub`, "--threshold", "2"];
    const signers = (...all: readonly string[]) => all.flatMap((key) => ["--key", key]);
    const here = ["--dir", directory];
    const tooFew = await call(["trust", "rotate-root", ...signers(first), ...add, ...here]);
    assert.equal(tooFew.exitCode, 2);
    assert.match(tooFew.stderr, /tuf\/threshold/);

    // One signs, writes it down, and another signs what was written.
    const [proposed, signed] = [join(keys, "proposed.json"), join(keys, "signed.json")];
    await run("trust", "rotate-root", ...signers(first), ...add, "--out", proposed, ...here);
    await run("trust", "sign", ...signers(bob), "--out", signed, proposed);
    await run("trust", "publish", signed, ...here);
    const { keyids, threshold } = (await show()).root.signed.roles.root;
    assert.deepEqual([keyids.length, threshold], [3, 2]);
    const retired = keyids[0] ?? "";
    await run("trust", "rotate-root", ...signers(alice, bob), "--remove", retired, ...here);
    await rm(first);
    assert.deepEqual(await versions(), [3, 1, 1, 1]);
    assert.deepEqual(await followAsCustody(), [3, 1, 1, 1]);
    await verifyAsClient(await signNow());
  },
);

test("the key of every day is another, and the old one is gone", { skip, ...deadline }, async () => {
  const keys = ["alice.key", "bob.key"].flatMap((name) => ["--key", join(top, "offline", name)]);
  await run("trust", "rotate-key", "online", ...keys, "--dir", directory);
  const online = (await readdir(join(directory, "keys"))).filter((name) => name.startsWith("tuf-online"));
  assert.deepEqual(online, ["tuf-online-2.key"]);
  assert.deepEqual(await versions(), [4, 2, 2, 2]);
  assert.deepEqual(await followAsCustody(), [4, 2, 2, 2]);
  const bundle = await signNow();
  await verifyAsClient(bundle);
  assert.equal(await verifyAsCustody(bundle), 0);
  await writeFile(
    join(top, "bent.root.json"),
    (await readFile(join(top, "1.root.json"), "utf8")).replace(/"sig": "../, '"sig": "00'),
  );
  assert.equal(await verifyAsCustody(bundle, "bent.root.json"), 2);
});

test(
  "the keys of the services are others, and what the old ones signed stays good",
  { skip, ...deadline },
  async () => {
    const before = await signNow();
    const refused = await call(["trust", "rotate-key", "timestamp", "--dir", directory]);
    assert.equal(refused.exitCode, 2);
    assert.match(refused.stderr, /files\/locked/);
    await server.stop();
    const certificates = async () =>
      Promise.all(
        ["timestamp", "keyless"].map((name) => readFile(join(directory, "keys", `${name}.crt`), "hex")),
      );
    const old = await certificates();
    for (const name of ["timestamp", "keyless", "signing"]) {
      await run("trust", "rotate-key", name, "--dir", directory);
    }
    server = await LiveServer.start(directory);
    const fresh = await certificates();
    for (const [i, certificate] of fresh.entries()) assert.notEqual(certificate, old[i]);
    await verifyAsClient(before);
    await verifyAsClient(await signNow());
    const root = JSON.parse(await readFile(join(directory, "trusted_root.json"), "utf8")) as {
      readonly certificateAuthorities: readonly { readonly validFor: { readonly end?: string } }[];
      readonly timestampAuthorities: readonly { readonly validFor: { readonly end?: string } }[];
    };
    const ended = (all: typeof root.certificateAuthorities) =>
      all.map(({ validFor }) => validFor.end !== undefined);
    assert.deepEqual(ended(root.certificateAuthorities), [true, true, false, false]);
    assert.deepEqual(ended(root.timestampAuthorities), [true, false]);
  },
);

test(
  "damaged metadata are named and signed anew at the next start, and a rotation in the same stop is published",
  { skip, ...deadline },
  async () => {
    const file = join(directory, "tuf", "timestamp.json");
    // Where to sign is said in the repository: on another port it would be another.
    const listen = ["--listen", new URL(server.url).host];
    const restart = async (): Promise<readonly (number | undefined)[]> => {
      await server.stop();
      server = await LiveServer.start(directory, ...listen);
      return versions();
    };
    const before = await versions();
    assert.deepEqual(await restart(), before, "the control");
    await server.stop();
    await run("trust", "rotate-key", "timestamp", "--dir", directory);
    await truncate(file, 20);
    server = await LiveServer.start(directory, ...listen);
    assert.match(server.said.join("\n"), /timestamp\.json of the trust repository is damaged/);
    const [root, targets = 0, snapshot = 0, timestamp = 0] = await versions();
    assert.deepEqual([root, targets, snapshot], [before[0], (before[1] ?? 0) + 1, (before[2] ?? 0) + 1]);
    assert.ok(timestamp > (before[3] ?? 0));
    assert.deepEqual(await followAsCustody(), [root, targets, snapshot, timestamp]);
    await verifyAsClient(await signNow());

    // While it runs: said by name, until it is signed anew.
    await writeFile(file, "{}");
    const shown = async (): Promise<string> => {
      const { exitCode, stderr } = await call(["trust", "show", "--dir", directory]);
      assert.equal(exitCode, 2);
      return stderr;
    };
    assert.match(await shown(), /timestamp\.json .*tuf\/damaged[\s\S]*next: .*signs it anew/);
    assert.ok(((await restart())[3] ?? 0) > timestamp);
    const newest = join(directory, "tuf", `${root ?? 0}.root.json`);
    const bytes = await readFile(newest);
    await truncate(newest, 20);
    await assert.rejects(restart());
    assert.match(await shown(), /root\.json .*tuf\/damaged[\s\S]*next: .*put it back/);
    await writeFile(newest, bytes);
    await followAsCustody();
  },
);

test("what nobody can sign is refused by name", { skip, ...deadline }, async () => {
  const unknown = await call(["trust", "rotate-key", "everything", "--dir", directory]);
  assert.match(unknown.stderr, /signing, keyless, timestamp/);
  const absent = await call(["trust", "rotate-root", "--key", join(top, "nowhere.key"), "--dir", directory]);
  assert.equal(absent.exitCode, 2);
  const root = JSON.parse(await readFile(join(directory, "tuf", "1.root.json"), "utf8")) as {
    readonly signed: object;
  };
  const ended = join(top, "ended.json");
  await writeFile(
    ended,
    JSON.stringify({ ...root, signed: { ...root.signed, expires: "2001-01-01T00:00:00Z" } }),
  );
  const key = join(top, "offline", "alice.key");
  const here = ["--dir", directory];
  const rows: readonly (readonly [words: readonly string[], said: RegExp])[] = [
    [["publish", join(directory, "tuf", "timestamp.json"), ...here], /is no root[\s\S]*next: .*--out/],
    [["sign", "--key", key, "--out", join(top, "x.json"), ended], /tuf\/expired[\s\S]*next: .*rotate-root/],
    [["rotate-root", "--key", key, "--remove", "nonsense", ...here], /next: .*trust show/],
  ];
  for (const [words, said] of rows) {
    const { exitCode, stderr } = await call(["trust", ...words]);
    assert.equal(exitCode, 2, words[0]);
    assert.match(stderr, said);
  }
  const garbled = await fetch(`${server.url}/tuf/%zz`);
  assert.deepEqual(
    [garbled.status, garbled.headers.get("content-type")?.split(";")[0]],
    [400, "application/problem+json"],
  );
  const tuf = await fetch(`${server.url}/tuf/..%2fkeys%2froot.key`);
  assert.equal(tuf.status, 404);
});
