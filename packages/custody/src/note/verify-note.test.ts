import assert from "node:assert/strict";
import { test } from "node:test";

import { webCrypto } from "custody/ground/web-crypto";

import {
  formatNote,
  formatVerifierKey,
  noteKeyOf,
  parseNote,
  parseVerifierKey,
  signNote,
  verifierKeyOf,
  verifyNote,
} from "./index.ts";
import type { NoteSignatureType } from "./index.ts";
import { makeSigner } from "./note.testing.ts";

const exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const exampleNote =
  "This is an example message.\n\n" +
  "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

test("verifies the example of the specification", async () => {
  const key = parseVerifierKey(webCrypto, exampleKey);
  const { text, signers } = await verifyNote(webCrypto, exampleNote, [key]);
  assert.equal(text, "This is an example message.\n");
  assert.deepEqual(signers, [{ key }]);
  assert.equal(formatVerifierKey(key), exampleKey);
});

for (const scheme of ["ed25519", "ecdsa-p256-sha256"] as const) {
  test(`verifies what it signed with ${scheme}, once for each key`, async () => {
    const signer = makeSigner(scheme);
    const key = noteKeyOf(webCrypto, "log.example/1", signer);
    const note = await signNote(webCrypto, "log.example/1", signer, "a\n\nb\n");
    const again = parseVerifierKey(webCrypto, formatVerifierKey(key));
    assert.deepEqual(again, key);
    const { signatures } = parseNote(note);
    const twice = formatNote({ text: "a\n\nb\n", signatures: [...signatures, ...signatures] });
    assert.deepEqual(await verifyNote(webCrypto, twice, [again]), { text: "a\n\nb\n", signers: [{ key }] });
  });
}

test("ignores signatures of unknown keys, and is not content with them alone", async () => {
  const [known, unknown] = [makeSigner("ed25519"), makeSigner("ed25519")];
  const text = "text\n";
  const key = noteKeyOf(webCrypto, "n", known);
  const note = parseNote(await signNote(webCrypto, "n", known, text));
  const other = parseNote(await signNote(webCrypto, "n", unknown, text));
  const both = formatNote({ text, signatures: [...other.signatures, ...note.signatures] });
  assert.equal((await verifyNote(webCrypto, both, [key])).signers.length, 1);
  await assert.rejects(verifyNote(webCrypto, formatNote(other), [key]), { code: "note/unsigned" });
  await assert.rejects(verifyNote(webCrypto, formatNote(note), []), { code: "note/unsigned" });
});

test("refuses the note when a known key's signature is bad, even beside a good one", async () => {
  const signer = makeSigner("ed25519");
  const key = noteKeyOf(webCrypto, "n", signer);
  const good = parseNote(await signNote(webCrypto, "n", signer, "text\n"));
  const bad = parseNote(await signNote(webCrypto, "n", signer, "other\n"));
  const signatures = [...good.signatures, ...bad.signatures];
  await assert.rejects(verifyNote(webCrypto, formatNote({ text: "text\n", signatures }), [key]), {
    code: "note/signature",
  });
});

test("needs both name and key ID to match before a key is known", async () => {
  const signer = makeSigner("ed25519");
  const note = await signNote(webCrypto, "one", signer, "text\n");
  const renamed = note.replace("— one ", "— two ");
  for (const name of ["one", "two"]) {
    const key = noteKeyOf(webCrypto, name, signer);
    await assert.rejects(verifyNote(webCrypto, renamed, [key]), { code: "note/unsigned" });
  }
});

test("signs no text that would not read back as itself", async () => {
  const signer = makeSigner("ed25519");
  for (const text of ["", "no newline", "tab\t\n", "\ud800\n", "x\r\n", "x".repeat(1_000_000) + "\n"]) {
    await assert.rejects(signNote(webCrypto, "n", signer, text), { code: /^note\/(syntax|limit)$/ });
  }
  await assert.rejects(signNote(webCrypto, "a b", signer, "text\n"), { code: "note/key" });
});

test("refuses verifier keys that are malformed or whose ID is not the key's", () => {
  const keys = [
    "",
    exampleKey.replace("530d903a", "530d903b"),
    exampleKey.replace("530d903a", "530D903A"),
    exampleKey.replace("example.com/foo", "example.com/fop"),
    exampleKey.replace("example.com/foo", "example.com/ foo"),
    exampleKey.replace("+Ae", "+Be"),
    exampleKey.slice(0, -4),
    `${exampleKey}AAAA`,
    exampleKey.replace("+AekyeRrm", "+/ekyeRrm"),
    `+${exampleKey}`,
    "a+00000000+",
  ];
  for (const key of keys) assert.throws(() => parseVerifierKey(webCrypto, key), { code: "note/key" }, key);
});

test("refuses keys that notes of a type are not signed with", () => {
  const { publicKey } = makeSigner("ecdsa-p256-sha256");
  const check = (type: NoteSignatureType, key: typeof publicKey) =>
    assert.throws(() => verifierKeyOf(webCrypto, "n", type, key), { code: "note/key" });
  check("ed25519", publicKey);
  check("cosignature/v1", publicKey);
  check("subtree/v1", makeSigner("ed25519").publicKey);
  check("cosignature/v1", makeSigner("ml-dsa-44").publicKey);
  check("ecdsa", makeSigner("ed25519").publicKey);
  check("ecdsa", { ...publicKey, spki: publicKey.spki.slice(1) });
  check("ecdsa", { ...publicKey, scheme: "ecdsa-p384-sha384" });
});
