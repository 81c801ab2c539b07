import assert from "node:assert/strict";
import { test } from "node:test";

import { parseUtf8, utf8 } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import { makeTestRepository } from "./git.testing.ts";
import {
  isObject,
  parseCommit,
  parseObjectId,
  parseSshPublicKey,
  parseSshSignature,
  parseTree,
  verifySshSignature,
} from "./index.ts";

test("reads a commit that git signed, and its signature is good for exactly the signed bytes", async () => {
  using repository = makeTestRepository();
  for (const type of ["ed25519", "ecdsa", "rsa"]) {
    const key = repository.makeKey(type, type);
    const id = parseObjectId(repository.commit("a.txt", type, key.path));
    const raw = repository.object("commit", id);
    const commit = parseCommit(raw);
    assert.ok(isObject(id, "commit", raw));
    assert.equal(commit.tree, repository.git("rev-parse", "HEAD^{tree}"));
    assert.equal(commit.subject, "Change a.txt");
    assert.match(commit.author, /^Ada <ada@example\.org> \d+ [+-]\d{4}$/);
    const signature = parseSshSignature(commit.signature ?? "");
    assert.deepEqual(signature.publicKey.blob, parseSshPublicKey(key.publicLine).blob);
    assert.equal(await verifySshSignature(webCrypto, signature, "git", commit.signedPayload), true);
    assert.equal(await verifySshSignature(webCrypto, signature, "file", commit.signedPayload), false);
    assert.equal(await verifySshSignature(webCrypto, signature, "git", raw), false);
  }
});

test("says that an unsigned commit has no signature", () => {
  using repository = makeTestRepository();
  const raw = repository.object("commit", repository.commit("a.txt", "a"));
  const commit = parseCommit(raw);
  assert.equal(commit.signature, undefined);
  assert.deepEqual(commit.signedPayload, raw);
});

test("notices every altered byte of a signed commit", async () => {
  using repository = makeTestRepository();
  const id = parseObjectId(repository.commit("a.txt", "a", repository.makeKey("key").path));
  const raw = repository.object("commit", id);
  for (let at = 0; at < raw.length; at++) {
    const altered = new Uint8Array(raw);
    altered[at] = (altered[at] ?? 0) ^ 1;
    assert.equal(isObject(id, "commit", altered), false);
    assert.equal(await isGood(altered, parseCommit(raw).signedPayload), false, `byte ${at}`);
  }
});

// Whether the commit still verifies over other content than the original; a changed armor line may decode to the same signature.
async function isGood(raw: Uint8Array<ArrayBuffer>, original: Uint8Array): Promise<boolean> {
  try {
    const commit = parseCommit(raw);
    if (commit.signature === undefined || Buffer.compare(commit.signedPayload, original) === 0) return false;
    return await verifySshSignature(
      webCrypto,
      parseSshSignature(commit.signature),
      "git",
      commit.signedPayload,
    );
  } catch {
    return false;
  }
}

const zeros = "0".repeat(40);
const good = `tree ${zeros}\nparent ${zeros}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n`;

test("refuses commits that two readers could read differently", () => {
  const wrong = [
    "",
    good,
    `${good}tree ${zeros}\n\nx`,
    `parent ${zeros}\n${good}\nx`,
    `${good}gpgsig a\ngpgsig b\n\nx`,
    `${good}gpgsig a\ngpgsig-sha256 b\n\nx`,
    `${good}author B <b> 1 +0000\n\nx`,
    good.replace(zeros, zeros.slice(1)) + "\nx",
    `${good}x\u0000y z\n\nx`,
  ];
  for (const text of wrong) assert.throws(() => parseCommit(utf8(text)), { name: "CustodyError" }, text);
  assert.equal(parseCommit(utf8(`${good}\nsubject\nmore`)).subject, "subject");
});

test("reads trees with their kinds and refuses odd names, submodules and duplicates", () => {
  using repository = makeTestRepository();
  repository.commit("a.txt", "a");
  const tree = parseTree(repository.object("tree", repository.git("rev-parse", "HEAD^{tree}")), 20);
  assert.deepEqual(
    tree.map(({ kind, name }) => [kind, name]),
    [["file", "a.txt"]],
  );

  const id = "\u0001".repeat(20);
  const wrong = [
    `100644 ..\0${id}`,
    `100644 .GIT\0${id}`,
    `40000 a/b\0${id}`,
    `100644 \0${id}`,
    `100644 a\nb\0${id}`,
    `160000 sub\0${id}`,
    `100644 a\0${id}100755 a\0${id}`,
    `100644 a\0${id.slice(1)}`,
    `100644 a`,
  ];
  for (const text of wrong) assert.throws(() => parseTree(utf8(text), 20), { code: "git/tree" }, text);
  assert.equal(parseUtf8(utf8(tree[0]?.name ?? "")), "a.txt");
});
