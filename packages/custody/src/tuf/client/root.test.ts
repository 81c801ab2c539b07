import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { test } from "node:test";

import { canonicalize } from "@tufjs/canonical-json";
import { generateSigner } from "@custody/node/crypto";
import { parseJson, utf8 } from "custody/ground";
import type { Signer } from "custody/ground";

import { tufLimits } from "./limits.ts";
import { beginTuf, refreshTuf } from "./index.ts";
import { day, makeRepository } from "./client.testing.ts";
import type { Signed, TestRepository } from "./client.testing.ts";

const newSigner = (): Promise<Signer> => generateSigner("ed25519");

/** That a refresh is refused for that, and which root is trusted then. */
async function refuses(repository: TestRepository, code: string, root: number): Promise<void> {
  await assert.rejects(refreshTuf(repository.ports), { code });
  assert.equal(trustedRoot(repository), root);
}

async function follows(repository: TestRepository, root: number): Promise<void> {
  assert.equal((await refreshTuf(repository.ports)).root.signed.version, root);
  assert.equal(trustedRoot(repository), root);
}

function trustedRoot({ trusted }: TestRepository): number {
  const { signed } = parseJson(trusted.get("root") ?? utf8("")) as { signed: { version: number } };
  return signed.version;
}

test("roots are followed one by one until there is none", async () => {
  const repository = await makeRepository();
  for (let i = 0; i < 3; i++) await repository.publishRoot();
  await follows(repository, 4);
  assert.deepEqual(repository.requests.slice(0, 4), [
    "2.root.json",
    "3.root.json",
    "4.root.json",
    "5.root.json",
  ]);
  assert.deepEqual(repository.trusted.get("root"), repository.files.get("4.root.json"), "byte for byte");
});

test("a root is signed by enough of the old keys and of the new", async () => {
  for (const [by, code] of [
    ["both", undefined],
    ["old", "tuf/threshold"],
    ["new", "tuf/threshold"],
  ] as const) {
    const repository = await makeRepository();
    const [old, other] = [repository.signers.root[0]!, await newSigner()];
    repository.signers.root = [other];
    await repository.publishRoot([old]);
    keepSignatures(repository, "2.root.json", by);
    await (code ? refuses(repository, code, 1) : follows(repository, 2));
  }
});

/** The new key's signature stands first, the old one's second. */
function keepSignatures({ files }: TestRepository, name: string, by: "both" | "old" | "new"): void {
  const metadata = JSON.parse(Buffer.from(files.get(name)!).toString()) as { signatures: object[] };
  if (by !== "both")
    metadata.signatures = by === "new" ? metadata.signatures.slice(0, 1) : metadata.signatures.slice(1);
  files.set(name, utf8(JSON.stringify(metadata)));
}

test("a threshold counts keys: not signatures, nor the ids that one key has", async () => {
  const repository = await makeRepository();
  repository.signers.root.push(await newSigner());
  repository.thresholds.root = 2;
  await repository.publishRoot();
  await follows(repository, 2);
  const [first] = repository.signers.root;
  repository.bend = (role, signed) => {
    if (role === "root") aliasKey(signed, 0, 1);
  };
  await repository.publishRoot();
  const name = "3.root.json";
  const metadata = JSON.parse(Buffer.from(repository.files.get(name)!).toString()) as {
    signatures: { keyid: string; sig: string }[];
  };
  assert.ok(first);
  metadata.signatures.push({ keyid: "alias", sig: metadata.signatures[0]!.sig });
  repository.files.set(name, utf8(JSON.stringify(metadata)));
  await refuses(repository, "tuf/threshold", 2);
});

/** Lists the key of one id a second time, in the place of another. */
function aliasKey(signed: Signed, from: number, to: number): void {
  const [keys, roles] = [signed["keys"] as Signed, signed["roles"] as { root: { keyids: string[] } }];
  keys["alias"] = keys[roles.root.keyids[from]!];
  roles.root.keyids[to] = "alias";
}

test("a root of another version than its name's is refused", async () => {
  for (const version of [1, 3, 4]) {
    const repository = await makeRepository();
    repository.bend = (role, signed) => Object.assign(signed, role === "root" ? { version } : {});
    await repository.publishRoot();
    await refuses(repository, "tuf/version", 1);
  }
});

test("only the last root must not be past its end", async () => {
  const repository = await makeRepository();
  repository.clock.set(repository.clock.now() + 11 * day);
  await repository.publish();
  await refuses(repository, "tuf/expired", 1);
  await repository.publishRoot();
  await follows(repository, 2);
  repository.bend = (role, signed) =>
    Object.assign(signed, role === "root" ? { expires: "2020-01-01T00:00:00Z" } : {});
  await repository.publishRoot();
  await refuses(repository, "tuf/expired", 3);
  repository.bend = () => undefined;
  await repository.publishRoot();
  await follows(repository, 4);
});

test("a repository that fails does not end the chain", async () => {
  const repository = await makeRepository();
  await repository.publishRoot();
  const { remote } = repository.ports;
  const fails = async (name: string, limit: number) => {
    if (name === "3.root.json") throw new Error("connection reset");
    return remote.fetchMetadata(name, limit);
  };
  const ports = { ...repository.ports, remote: { ...remote, fetchMetadata: fails } };
  await assert.rejects(refreshTuf(ports), /connection reset/);
  await follows(repository, 2);
});

test("more roots than one refresh takes are gone through by the next", async () => {
  const repository = await makeRepository();
  for (let i = 0; i < tufLimits.rootRotations + 1; i++) await repository.publishRoot();
  await refuses(repository, "tuf/limit", tufLimits.rootRotations + 1);
  await follows(repository, tufLimits.rootRotations + 2);
});

test("nothing is asked before a root is trusted, and the root must be one", async () => {
  const repository = await makeRepository();
  const first = repository.trusted.get("root")!;
  const text = Buffer.from(first).toString();
  for (const [content, code] of [
    [undefined, "tuf/missing"],
    [text.replace(/"sig":"../, '"sig":"00'), "tuf/threshold"],
    [text.replace('"version":1', '"version":0'), "tuf/malformed"],
    [text.replace('"_type":"root"', '"_type":"targets"'), "tuf/malformed"],
  ] as const) {
    if (content === undefined) repository.trusted.delete("root");
    else repository.trusted.set("root", utf8(content));
    await assert.rejects(refreshTuf(repository.ports), { code });
    if (content === undefined) continue;
    await assert.rejects(beginTuf(repository.ports, utf8(content)), { code });
  }
  assert.deepEqual(repository.requests, []);
  repository.trusted.delete("root");
  await beginTuf(repository.ports, first);
  await beginTuf(repository.ports, first);
  await follows(repository, 1);
});

test("a second beginning does not replace the root that is trusted", async () => {
  const [repository, other] = [await makeRepository(), await makeRepository()];
  await assert.rejects(beginTuf(repository.ports, other.files.get("1.root.json")!), { code: "tuf/version" });
  await follows(repository, 1);
});

test("after its keys are replaced, versions that a thief went to are forgotten", async () => {
  for (const stolen of ["timestamp", "snapshot"] as const) {
    const repository = await makeRepository();
    repository.versions[stolen] = 1000;
    if (stolen === "snapshot") repository.versions.timestamp = 2;
    await repository.publish();
    await refreshTuf(repository.ports);
    repository.versions[stolen] = 2;
    repository.versions.timestamp = 3;
    await repository.publish();
    await assert.rejects(refreshTuf(repository.ports), { code: "tuf/rollback" });
    repository.signers[stolen] = [await newSigner()];
    await repository.publishRoot();
    await repository.publish();
    const view = await refreshTuf(repository.ports);
    assert.equal(view[stolen].signed.version, stolen === "snapshot" ? 2 : 3);
  }
});

test("targets go back to lower versions only after the snapshot's keys are replaced", async () => {
  const repository = await makeRepository();
  repository.versions.targets = 1000;
  repository.versions.snapshot = repository.versions.timestamp = 2;
  await repository.publish();
  await refreshTuf(repository.ports);
  repository.versions.targets = 2;
  repository.versions.snapshot = repository.versions.timestamp = 3;
  await repository.publish();
  await assert.rejects(refreshTuf(repository.ports), { code: "tuf/rollback" });
  repository.signers.targets = [await newSigner()];
  await repository.publishRoot();
  repository.versions.timestamp++;
  await repository.publish();
  await assert.rejects(
    refreshTuf(repository.ports),
    { code: "tuf/rollback" },
    "their own keys do not matter",
  );
  repository.signers.snapshot = [await newSigner()];
  await repository.publishRoot();
  repository.versions.timestamp++;
  await repository.publish();
  assert.equal((await refreshTuf(repository.ports)).targets.signed.version, 2);
});

test("a root without any such change forgets nothing", async () => {
  const repository = await makeRepository();
  repository.versions.timestamp = 5;
  await repository.publish();
  await refreshTuf(repository.ports);
  await repository.publishRoot();
  repository.versions.timestamp = 4;
  await repository.publish();
  await refuses(repository, "tuf/rollback", 2);
});

/** A root key of any kind, as metadata name it, and what it signs. */
function foreignKey(kind: string): { key: Signed; sign: (data: Uint8Array) => string } {
  const pem = (key: KeyObject) => key.export({ format: "pem", type: "spki" }).toString();
  const hex = (hash: string | null, key: Parameters<typeof sign>[2]) => (data: Uint8Array) =>
    sign(hash, data, key).toString("hex");
  if (kind === "rsa") {
    const { publicKey, privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const named = { keytype: "rsa", scheme: "rsassa-pss-sha256", keyval: { public: pem(publicKey) } };
    return { key: named, sign: hex("sha256", { key, padding: 6, saltLength: 32 }) };
  }
  if (kind === "ed25519") {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");
    return { key: { keytype: kind, scheme: kind, keyval: { public: raw } }, sign: hex(null, privateKey) };
  }
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const named = { keytype: kind, scheme: "ecdsa-sha2-nistp256", keyval: { public: pem(publicKey) } };
  return { key: named, sign: hex("sha256", privateKey) };
}

test("keys of every kind that the specification names sign; others, and unreadable ones, do not count", async () => {
  const rows: readonly (readonly [kind: string, change: Signed, counts: boolean])[] = [
    ["ed25519", {}, true],
    ["ecdsa", {}, true],
    ["ecdsa-sha2-nistp256", {}, true],
    ["rsa", {}, true],
    ["ecdsa", { "x-owner": "alice" }, true],
    ["ecdsa", { keytype: "ecdsa-sha2-nistp384" }, false],
    ["ecdsa", { keytype: "rsa", scheme: "rsassa-pss-sha256" }, false],
    ["rsa", { scheme: "rsa-pkcs1v15-sha256" }, false],
    ["rsa", { keytype: "ecdsa", scheme: "ecdsa-sha2-nistp256" }, false],
    ["ed25519", { keyval: {} }, false],
    [
      "ed25519",
      { keyval: { public: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" } },
      false,
    ],
    ["ecdsa", { keyval: { public: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" } }, false],
  ];
  for (const [kind, change, counts] of rows) {
    const repository = await makeRepository();
    const foreign = foreignKey(kind);
    let signature = "";
    repository.bend = (role, signed) => {
      if (role !== "root") return;
      (signed["keys"] as Signed)["foreign"] = { ...foreign.key, ...change };
      const { root } = signed["roles"] as { root: { keyids: string[]; threshold: number } };
      root.keyids.push("foreign");
      root.threshold = 2;
      signature = foreign.sign(utf8(canonicalize(signed)));
    };
    await repository.publishRoot();
    const text = Buffer.from(repository.files.get("2.root.json")!).toString();
    const added = text.replace('"signatures":[', `"signatures":[{"keyid":"foreign","sig":"${signature}"},`);
    repository.files.set("2.root.json", utf8(added));
    await (counts ? follows(repository, 2) : refuses(repository, "tuf/threshold", 1));
    repository.files.set("2.root.json", utf8(added.replace(signature, signature.replaceAll(/[0-7]/g, "8"))));
    if (counts) repository.trusted.set("root", repository.files.get("1.root.json")!);
    await refuses(repository, "tuf/threshold", 1);
  }
});
