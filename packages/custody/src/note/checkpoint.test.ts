import assert from "node:assert/strict";
import { test } from "node:test";

import { webCrypto } from "custody/ground/web-crypto";

import { findVectors } from "../ground/vectors.testing.ts";
import {
  formatCheckpoint,
  formatNote,
  noteKeyOf,
  parseCheckpoint,
  parseNote,
  signNote,
  verifyCheckpoint,
} from "./index.ts";
import { makeSigner } from "./note.testing.ts";
import { readTesseraCheckpoint, tesseraSizes, verifyTesseraCheckpoint } from "./tessera.testing.ts";

const root = "Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=";
const origin = "log.example/1";

test("reads a checkpoint's lines and writes them back", () => {
  const text = `${origin}\n3\n${root}\nan extension\n`;
  const checkpoint = parseCheckpoint(text);
  assert.equal(checkpoint.origin, origin);
  assert.equal(checkpoint.size, 3);
  assert.equal(checkpoint.rootHash.length, 32);
  assert.deepEqual(checkpoint.extensions, ["an extension"]);
  assert.equal(formatCheckpoint(checkpoint), text);
  assert.equal(parseCheckpoint(`o\n0\n${root}\n`).size, 0);
  assert.equal(parseCheckpoint(`o\n9007199254740991\n${root}\n`).size, Number.MAX_SAFE_INTEGER);
});

test("refuses every malformed checkpoint", () => {
  const texts = [
    "",
    `o\n3\n`,
    `o\n3\n${root}`,
    `\n3\n${root}\n`,
    `o\n\n${root}\n`,
    `o\n3\n${root}\n\n`,
    `o\n3\n${root}\nx\n\ny\n`,
    ...["03", "+3", "-3", "3.0", "3e1", "0x10", " 3", "3 ", "", "٣", "9007199254740992", "1".repeat(400)].map(
      (size) => `o\n${size}\n${root}\n`,
    ),
    ...["AAAA", root.slice(0, -1), root.replace("Kk=", "Kl="), root.replaceAll("/", "_"), ` ${root}`].map(
      (hash) => `o\n3\n${hash}\n`,
    ),
  ];
  for (const text of texts) {
    assert.throws(() => parseCheckpoint(text), { code: "note/checkpoint" }, JSON.stringify(text));
  }
});

test("writes no checkpoint that would read back as another", () => {
  const rootHash = parseCheckpoint(`o\n3\n${root}\n`).rootHash;
  const check = (origin: string, size: number, extensions: string[]) =>
    assert.throws(() => formatCheckpoint({ origin, size, rootHash, extensions }), {
      code: "note/checkpoint",
    });
  check("", 3, []);
  check("o\n4", 3, []);
  check("o", -1, []);
  check("o", 0.5, []);
  check("o", 3, [""]);
  check("o", 3, ["a\nb"]);
});

test("takes a checkpoint of the right log only, signed by the log itself", async () => {
  const [log, witness] = [makeSigner("ecdsa-p256-sha256"), makeSigner("ed25519")];
  const logKey = noteKeyOf(webCrypto, origin, log);
  const witnessKeys = [noteKeyOf(webCrypto, "w.example", witness)];
  const text = `${origin}\n3\n${root}\n`;
  const note = await signNote(webCrypto, origin, log, text);
  const cosigned = await signNote(webCrypto, "w.example", witness, text);
  const signatures = [...parseNote(cosigned).signatures, ...parseNote(note).signatures];
  const trust = { origin, logKey, witnessKeys };
  const verified = await verifyCheckpoint(webCrypto, formatNote({ text, signatures }), trust);
  assert.equal(verified.size, 3);
  assert.deepEqual(verified.witnesses, [{ key: witnessKeys[0] }]);
  await assert.rejects(verifyCheckpoint(webCrypto, cosigned, trust), { code: "note/unsigned" });
  for (const other of ["log.example/10", "log.example", "LOG.example/1", `${origin} `]) {
    await assert.rejects(verifyCheckpoint(webCrypto, note, { ...trust, origin: other }), {
      code: "note/origin",
    });
  }
});

const vectors = findVectors("tlog");

test(
  "verifies Tessera's sixteen checkpoints, and none with a changed character",
  { skip: vectors ? false : "the vectors are not on this machine" },
  async () => {
    for (const size of tesseraSizes) {
      const note = readTesseraCheckpoint(vectors ?? "", size);
      assert.equal((await verifyTesseraCheckpoint(note)).size, size);
      for (let at = 0; at < note.length; at += 5) {
        const changed = note.slice(0, at) + (note[at] === "A" ? "B" : "A") + note.slice(at + 1);
        await assert.rejects(verifyTesseraCheckpoint(changed), { code: /^note\// });
      }
    }
  },
);
