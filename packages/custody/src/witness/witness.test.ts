import assert from "node:assert/strict";
import { test } from "node:test";

import { parseUtf8, toHex, utf8 } from "custody/ground";
import { formatNote, parseNote, signNote, verifyNote } from "custody/note";

import { crypto, memoryPorts } from "../log/log.testing.ts";
import { Witness } from "./index.ts";
import type { WitnessPorts } from "./index.ts";
import { growLog, makeWitnessPorts, sizeOf } from "./witness.testing.ts";

const names = Array.from({ length: 9 }, (_, i) => `entry ${i}`);
const ports = memoryPorts();
const honest = await growLog(names, ports);
const forked = await growLog(["entry 0", "another", ...names.slice(2)], {
  ...memoryPorts(),
  signer: ports.signer,
});
const stranger = await growLog(names, { ...memoryPorts(), origin: "stranger.example" });

/** A witness that has cosigned the honest log at these sizes, one after the other. */
async function open(sizes: readonly number[], changes: Partial<WitnessPorts> = {}) {
  const given = { ...makeWitnessPorts([honest]), ...changes };
  const witness = new Witness(given);
  let last = 0;
  for (const size of sizes) {
    assert.equal((await witness.addCheckpoint(await honest.ask(last, size))).kind, "cosigned");
    last = size;
  }
  return { witness, ...given };
}

async function check(sizes: readonly number[], body: Uint8Array, expected: string) {
  const { witness, store } = await open(sizes);
  const before = await store.find(honest.key.name);
  const answer = await witness.addCheckpoint(body);
  assert.equal(answer.kind === "conflict" ? `conflict ${answer.size}` : answer.kind, expected);
  if (answer.kind !== "cosigned")
    assert.equal(await store.find(honest.key.name), before, "nothing was recorded");
}

test("cosigns each checkpoint that extends the last, with every key it has, and keeps it", async () => {
  const { witness, keys, store } = await open([]);
  let last = 0;
  for (const size of [0, 1, 1, 2, 3, 7, 8, 9, 9]) {
    const answer = await witness.addCheckpoint(await honest.ask(last, size));
    assert.ok(answer.kind === "cosigned");
    const note = `${honest.checkpoints[size]}${answer.lines}`;
    const { signers } = await verifyNote(crypto, note, keys);
    assert.deepEqual(
      signers.map(({ key }) => key.type),
      ["cosignature/v1", "subtree/v1"],
    );
    assert.equal(await store.find(honest.key.name), note);
    last = size;
  }
});

test("begins with a checkpoint of any size", async () => check([], await honest.ask(0, 7), "cosigned"));

test("says which size it has when the old size is another, and takes the checkpoint from there", async () => {
  await check([3], await honest.ask(0, 5), "conflict 3");
  await check([3], await honest.ask(2, 5), "conflict 3");
  await check([5], await honest.ask(3, 3), "conflict 5");
  await check([3], await honest.ask(3, 5), "cosigned");
});

test("refuses an old size above the checkpoint's as malformed", async () => {
  await check([5], utf8(parseUtf8(await honest.ask(3, 3)).replace("old 3", "old 5")), "malformed");
  await check([5], await honest.ask(5, 5), "cosigned");
});

test("refuses a tree that does not extend the last one", async () => {
  await check([3], await forked.ask(3, 5), "inconsistent");
  await check([3], await forked.ask(3, 3), "inconsistent");
  await check([1], await forked.ask(1, 3), "cosigned");
});

test("refuses a proof that is missing, cut, altered, or not asked for", async () => {
  const body = parseUtf8(await honest.ask(3, 8));
  const [old = "", first = "", ...rest] = body.split("\n");
  await check([3], utf8([old, ...rest].join("\n")), "inconsistent");
  await check([3], utf8([old, first, first, ...rest].join("\n")), "inconsistent");
  const altered = `${first.startsWith("A") ? "B" : "A"}${first.slice(1)}`;
  await check([3], utf8([old, altered, ...rest].join("\n")), "inconsistent");
  await check([], utf8(body.replace("old 3", "old 0")), "inconsistent");
  await check([3], utf8(parseUtf8(await honest.ask(3, 3)).replace("\n", `\n${first}\n`)), "inconsistent");
  await check([3], utf8(body), "cosigned");
});

test("refuses a tree without entries whose root is not that of nothing", async () => {
  const text = parseNote(honest.checkpoints[0]!).text.replace(/\n[^\n]+\n$/, `\n${"A".repeat(43)}=\n`);
  const note = await signNote(crypto, honest.key.name, ports.signer, text);
  await check([], utf8(`old 0\n\n${note}`), "inconsistent");
  await check([], await honest.ask(0, 0), "cosigned");
});

test("knows only the logs that it follows", async () => check([], await stranger.ask(0, 3), "unknown-log"));

test("refuses what the log did not sign", async () => {
  const honestNote = honest.checkpoints[3]!;
  for (const unreadable of [
    honestNote.slice(0, honestNote.indexOf("—")),
    honestNote.replace(/.=\n$/, "!=\n"),
    honestNote.replace(/\n$/, ""),
    `${honestNote}more\n`,
  ]) {
    await check([], utf8(`old 0\n\n${unreadable}`), "unsigned");
  }
  const [text, signature] = [
    parseNote(honest.checkpoints[3]!).text,
    parseNote(honest.checkpoints[3]!).signatures[0]!,
  ];
  const bodyWith = (...signatures: (typeof signature)[]) =>
    utf8(`old 0\n\n${formatNote({ text, signatures })}`);
  const [other] = parseNote(honest.checkpoints[4]!).signatures;
  await check([], bodyWith(other!), "unsigned");
  await check([], bodyWith(signature, other!), "unsigned");
  await check([], bodyWith({ ...signature, keyId: "00000000" }), "unsigned");
  await check([], bodyWith({ ...other!, keyId: "00000000" }, signature), "cosigned");
});

test("keeps a checkpoint whose signature a stranger repeated as often as a note can hold", async () => {
  const { text, signatures } = parseNote(honest.checkpoints[3]!);
  const note = formatNote({ text, signatures: Array.from({ length: 64 }, () => signatures[0]!) });
  const { witness } = await open([]);
  assert.equal((await witness.addCheckpoint(utf8(`old 0\n\n${note}`))).kind, "cosigned");
  assert.equal((await witness.addCheckpoint(await honest.ask(3, 5))).kind, "cosigned");
});

const note = parseUtf8(await honest.ask(0, 3)).slice("old 0\n\n".length);
const hash = `${"A".repeat(43)}=\n`;
const malformed: Readonly<Record<string, string>> = {
  nothing: "",
  "no old size": `\n\n${note}`,
  "an old size with a leading zero": `old 00\n\n${note}`,
  "an old size below 0": `old -1\n\n${note}`,
  "an old size above 2^53": `old 9007199254740993\n\n${note}`,
  "an old size that is no number": `old x\n\n${note}`,
  "two blanks": `old  0\n\n${note}`,
  "no empty line": `old 0\n${note}`,
  "a hash of 31 bytes": `old 0\n${"A".repeat(42)}==\n\n${note}`,
  "a hash that is no base64": `old 0\n${"!".repeat(44)}\n\n${note}`,
  "64 hashes": `old 0\n${hash.repeat(64)}\n${note}`,
  "carriage returns": `old 0\r\n\r\n${note}`,
  "no note": "old 0\n\n",
  "a note that is no checkpoint": `old 0\n\n${note.replace("\n3\n", "\nthree\n")}`,
  "more than fits": `old 0\n\n${note}${"— x AAAAAAA=\n".repeat(20_000)}`,
};
for (const [what, body] of Object.entries(malformed)) {
  test(`refuses a request with ${what}`, () => check([], utf8(body), "malformed"));
}
test("refuses a request that is no text, and takes the honest one", async () => {
  await check([], new Uint8Array([0xff, 0xfe]), "malformed");
  await check([], utf8(`old 0\n\n${note}`), "cosigned");
  await check([], utf8(`old 0\n${hash.repeat(63)}\n${note}`), "inconsistent");
});

test("lets one of many at once win, and tells the others what is there; no record is rolled back", async () => {
  const { witness, store } = await open([1]);
  for (let round = 1; round < 8; round++) {
    const bodies = await Promise.all([7, 8, 9].map((size) => honest.ask(round, Math.max(size, round))));
    const answers = await Promise.all(bodies.map((body) => witness.addCheckpoint(body)));
    const before = sizeOf((await store.find(honest.key.name))!);
    assert.ok(answers.filter(({ kind }) => kind === "cosigned").length <= 1);
    for (const answer of answers) if (answer.kind === "conflict") assert.ok(answer.size >= round);
    assert.ok(before >= 7);
  }
});

test("cosigns one of two forks that come at once, never both", async () => {
  for (let round = 0; round < 10; round++) {
    const { witness } = await open([1]);
    const bodies = await Promise.all([honest.ask(1, 5), forked.ask(1, 5)]);
    const answers = await Promise.all(bodies.map((body) => witness.addCheckpoint(body)));
    assert.deepEqual(answers.map(({ kind }) => kind).toSorted(), ["conflict", "cosigned"]);
  }
});

test("answers nothing that it could not record, and goes on afterwards", async () => {
  const { store } = makeWitnessPorts([honest]);
  let isFailing = true;
  const replace: typeof store.replace = (...args) =>
    isFailing ? Promise.reject(new Error("the disk is full")) : store.replace(...args);
  const { witness } = await open([], { store: { ...store, replace } });
  await assert.rejects(witness.addCheckpoint(await honest.ask(0, 3)), /the disk is full/);
  isFailing = false;
  assert.equal((await witness.addCheckpoint(await honest.ask(0, 3))).kind, "cosigned");
});

test("decides nothing on a record that it cannot read", async () => {
  for (const record of ["x", stranger.checkpoints[3]!]) {
    const { witness, store } = await open([]);
    await store.replace(honest.key.name, record, undefined);
    await assert.rejects(witness.addCheckpoint(await honest.ask(0, 3)), { code: "witness/state" });
  }
});

test("shows the last cosigned checkpoint of a log by the hash of its origin", async () => {
  const { witness, store } = await open([3, 5]);
  const hashOf = (origin: string) => toHex(crypto.sha256(utf8(origin)));
  assert.equal(await witness.findCheckpoint(hashOf(honest.key.name)), await store.find(honest.key.name));
  assert.equal(sizeOf((await witness.findCheckpoint(hashOf(honest.key.name)))!), 5);
  assert.equal(await witness.findCheckpoint(hashOf("stranger.example")), undefined);
});
