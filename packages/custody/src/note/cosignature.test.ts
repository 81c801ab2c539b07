import assert from "node:assert/strict";
import { test } from "node:test";

import { concatBytes, instantOf, parseBase64, toHex, utf8 } from "custody/ground";
import type { Signer } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import {
  cosignCheckpoint,
  cosignedMessage,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  parseTimestampedSignature,
  parseVerifierKey,
  verifierKeyOf,
  verifyCheckpoint,
  verifyNote,
} from "./index.ts";
import type { CosignatureType, NoteSignature } from "./index.ts";
import { makeWitness } from "./note.testing.ts";

const root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const text = `log.example/1\n258\n${root}\n`;
const time = instantOf(1_679_315_147_000);
const noteOf = (...signatures: NoteSignature[]): string => formatNote({ text, signatures });

for (const scheme of ["ed25519", "ml-dsa-44"] as const) {
  test(`verifies a witness's ${scheme} cosignature and tells its time`, async () => {
    const { cosigner, key } = makeWitness(webCrypto, "w.example/1", scheme);
    const line = await cosignCheckpoint(webCrypto, cosigner, text, instantOf(time + 999));
    const parsed = parseVerifierKey(webCrypto, formatVerifierKey(key));
    const { signers } = await verifyNote(webCrypto, noteOf(line), [parsed]);
    assert.deepEqual(signers, [{ key: parsed, time }]);
    for (const at of [7, 8, line.signature.length - 1]) {
      const bad = line.signature.slice();
      bad[at]! ^= 1;
      const note = noteOf({ ...line, signature: bad });
      await assert.rejects(verifyNote(webCrypto, note, [key]), { code: "note/signature" });
    }
    const short = noteOf({ ...line, signature: line.signature.slice(8) });
    await assert.rejects(verifyNote(webCrypto, short, [key]), { code: "note/signature" });
    const other = formatNote({ text: text.replace("258", "259"), signatures: [line] });
    await assert.rejects(verifyNote(webCrypto, other, [key]), { code: "note/signature" });
  });
}

test("signs with Ed25519 the header, the time and the whole text", () => {
  const witness = { type: "cosignature/v1", name: "w.example" } as const;
  assert.deepEqual(
    cosignedMessage(witness, time, `${text}more\n`),
    utf8(`cosignature/v1\ntime 1679315147\n${text}more\n`),
  );
});

test("signs with ML-DSA-44 the names, the time and the tree as cosigned_message writes them", () => {
  const witness = { type: "subtree/v1", name: "w.example" } as const;
  const expected = concatBytes(
    utf8("subtree/v1\n\0"),
    utf8("\u0009w.example"),
    new Uint8Array([0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb]),
    utf8("\rlog.example/1"),
    new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]),
    parseBase64(root),
  );
  assert.equal(toHex(cosignedMessage(witness, time, text)), toHex(expected));
  assert.deepEqual(cosignedMessage(witness, time, `${text}more\n`), expected);
});

test("an ML-DSA-44 cosignature is of one witness's name, an Ed25519 one of any", async () => {
  const check = async (scheme: "ed25519" | "ml-dsa-44", expected: boolean) => {
    const { cosigner } = makeWitness(webCrypto, "one.example", scheme);
    const key = makeRenamed(cosigner.signer, "two.example");
    const line = await cosignCheckpoint(webCrypto, cosigner, text, time);
    const renamed = noteOf({ ...line, name: key.name, keyId: key.keyId });
    const verified = await verifyNote(webCrypto, renamed, [key]).then(
      () => true,
      () => false,
    );
    assert.equal(verified, expected, scheme);
  };
  await check("ed25519", true);
  await check("ml-dsa-44", false);
});

function makeRenamed(signer: Signer, name: string) {
  const type: CosignatureType = signer.publicKey.scheme === "ed25519" ? "cosignature/v1" : "subtree/v1";
  return verifierKeyOf(webCrypto, name, type, signer.publicKey);
}

test("refuses names that do not fit, and texts that are no checkpoint, under ML-DSA-44 only", async () => {
  const long = "x".repeat(256);
  const check = async (name: string, signed: string, code: string) => {
    const { cosigner } = makeWitness(webCrypto, name, "ml-dsa-44");
    await assert.rejects(cosignCheckpoint(webCrypto, cosigner, signed, time), { code });
    const honest = makeWitness(webCrypto, name).cosigner;
    await cosignCheckpoint(webCrypto, honest, signed, time);
  };
  await check(long, text, "note/checkpoint");
  await check("w", text.replace("log.example/1", long), "note/checkpoint");
  await check("w", "no checkpoint\n", "note/checkpoint");
});

test("does not give away what a signer made of another message", async () => {
  const { cosigner } = makeWitness(webCrypto, "w.example");
  const sign = () => cosigner.signer.sign(utf8("something else"));
  const broken = { ...cosigner, signer: { ...cosigner.signer, sign } };
  await assert.rejects(cosignCheckpoint(webCrypto, broken, text, time), { code: "note/signature" });
});

test("reads times up to what milliseconds can count", () => {
  const bytes = new Uint8Array(72);
  bytes.set([0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb]);
  assert.equal(parseTimestampedSignature("cosignature/v1", bytes).time, time);
  assert.throws(() => parseTimestampedSignature("subtree/v1", bytes), { code: "note/signature" });
  bytes.fill(0xff, 0, 8);
  assert.throws(() => parseTimestampedSignature("cosignature/v1", bytes), { code: "note/signature" });
});

test("a log may sign with ML-DSA-44, and then says nothing in extension lines", async () => {
  const origin = "log.example/1";
  const { cosigner, key } = makeWitness(webCrypto, origin, "ml-dsa-44");
  const signed = async (extensions: readonly string[]) => {
    const tree = { origin, size: 258, rootHash: parseBase64(root), extensions };
    const body = formatCheckpoint(tree);
    return formatNote({ text: body, signatures: [await cosignCheckpoint(webCrypto, cosigner, body, time)] });
  };
  assert.equal((await verifyCheckpoint(webCrypto, await signed([]), { origin, logKey: key })).size, 258);
  await assert.rejects(verifyCheckpoint(webCrypto, await signed(["more"]), { origin, logKey: key }), {
    code: "note/unsigned",
  });
});
