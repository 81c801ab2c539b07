import assert from "node:assert/strict";
import { test } from "node:test";

import { instantOf, utf8 } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";

import {
  checkQuorum,
  cosignCheckpoint,
  formatNote,
  formatVerifierKey,
  isPolicyLog,
  isQuorum,
  noteKeyOf,
  parseWitnessPolicy,
} from "./index.ts";
import type { NoteSignature } from "./index.ts";
import { makeSigner, makeWitness } from "./note.testing.ts";

const text = "log.example/1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
const time = instantOf(1_700_000_000_000);
const names = ["x1", "x2", "x3", "y1", "y2"] as const;
const makers = names.map((name, i) =>
  makeWitness(webCrypto, `${name}.example`, i === 4 ? "ml-dsa-44" : "ed25519"),
);
const lines = makers.map(({ key }, i) => `witness ${names[i]} ${formatVerifierKey(key)}\n`).join("");
const policy = parseWitnessPolicy(
  webCrypto,
  utf8(`${lines}group X 2 x1 x2 x3\ngroup Y any y1 y2\ngroup both all X Y\nquorum both\n`),
);
const cosign = (i: number, signed = text, at = time): Promise<NoteSignature> =>
  cosignCheckpoint(webCrypto, makers[i]!.cosigner, signed, at);

async function check(signatures: readonly NoteSignature[], expected: string) {
  const stranger = await cosignCheckpoint(
    webCrypto,
    makeWitness(webCrypto, "z.example").cosigner,
    text,
    time,
  );
  const note = formatNote({ text, signatures: [stranger, ...signatures] });
  const verdict = await checkQuorum(webCrypto, note, policy);
  assert.equal(verdict.kind === "refused" ? verdict.reasons[0].code : verdict.kind, expected);
}

const [x1, x2, x3, y1, y2] = await Promise.all([0, 1, 2, 3, 4].map((i) => cosign(i)));

test("is content with enough witnesses of every group", async () => {
  await check([x1!, x2!, y1!], "allowed");
  await check([x1!, x3!, y2!], "allowed");
  await check([x1!, x2!, x3!, y1!, y2!], "allowed");
});

test("is not content with too few, with strangers, or with one counted twice", async () => {
  await check([], "note/not-witnessed");
  await check([x1!, x2!, x3!], "note/not-witnessed");
  await check([x1!, y1!, y2!], "note/not-witnessed");
  await check([x1!, x1!, y1!], "note/not-witnessed");
  await check([x1!, await cosign(0, text, instantOf(time + 5000)), y1!], "note/not-witnessed");
});

test("refuses a bad cosignature of a known witness, even beside enough good ones", async () => {
  const elsewhere = await cosign(2, text.replace("log.example/1", "log.example/2"));
  const late = { ...x3!, signature: x3!.signature.slice() };
  late.signature[7]! ^= 1;
  for (const bad of [elsewhere, late]) {
    await check([x1!, x2!, y1!, bad], "note/cosignature");
    await check([x1!, x2!, y1!], "allowed");
  }
});

test("refuses an ML-DSA-44 cosignature that leaves out its time", async () => {
  const timeless = await cosign(4, text, instantOf(0));
  await check([x1!, x2!, timeless], "note/cosignature");
  await check([x1!, x2!, y2!], "allowed");
});

test("a signature under a known name, but another key ID, is a stranger's", async () => {
  await check([x1!, { ...x2!, keyId: x1!.keyId }, y1!], "note/not-witnessed");
});

test("asks for nothing where the quorum is none", () => {
  assert.equal(isQuorum(parseWitnessPolicy(webCrypto, utf8("quorum none\n")), []), true);
});

test("takes any log where it names none, and else only those, by name and key", () => {
  const log = noteKeyOf(webCrypto, "log.example/1", makeSigner("ed25519"));
  const renamed = { ...log, name: "log.example/2" };
  const other = noteKeyOf(webCrypto, "log.example/1", makeSigner("ed25519"));
  const own = parseWitnessPolicy(webCrypto, utf8(`log ${formatVerifierKey(log)}\nquorum none\n`));
  assert.deepEqual(
    [log, renamed, other].map((key) => [isPolicyLog(own, key), isPolicyLog(policy, key)]),
    [
      [true, true],
      [false, true],
      [false, true],
    ],
  );
});
