import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { CustodyError } from "custody/ground";
import { findVectors } from "custody/ground/vectors.testing";
import { webCrypto } from "custody/ground/web-crypto";

import { fingerprintOf, parseSshPublicKey, parseSshSignature } from "./index.ts";
import { checkSshsig, readSshsig, refusedSshsigKinds, sshsigKinds } from "./sshsig.testing.ts";

const vectors = findVectors("sshsig");
const skip = vectors ? false : "the shared vectors are not here";
const read = (name: string): string => readFileSync(join(vectors ?? "", name), "utf8");

for (const kind of sshsigKinds) {
  test(`verifies OpenSSH's own ${kind} signature and refuses it for another message`, { skip }, async () => {
    for (const crypto of [nodeCrypto, webCrypto]) await checkSshsig(crypto, vectors ?? "", kind);
  });
}

test("refuses key types it does not verify, by name", { skip }, () => {
  for (const [kind, code] of Object.entries(refusedSshsigKinds))
    assert.throws(() => readSshsig(vectors ?? "", kind), { code });
});

test("refuses a truncated signature at every length", { skip }, () => {
  const lines = read("ed25519.sig").trimEnd().split("\n");
  const body = lines.slice(1, -1).join("");
  for (let length = 0; length < body.length; length += 4) {
    const armored = [lines[0], body.slice(0, length), lines.at(-1)].join("\n");
    assert.throws(() => parseSshSignature(armored), CustodyError, `${length} characters`);
  }
});

test("prints the fingerprint that ssh-keygen prints", () => {
  const key = parseSshPublicKey(
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIlizSIN3DQV78VPNjVvvwjgf+P5HqbPYCYu3BOMdjAE a comment",
  );
  assert.match(fingerprintOf(webCrypto, key), /^SHA256:[A-Za-z0-9+/]{43}$/);
});
