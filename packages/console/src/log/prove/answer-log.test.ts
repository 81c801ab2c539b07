import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { generateSigner } from "@custody/node/crypto";
import { findFaultCode, instantOf } from "custody/ground";
import { webCrypto } from "custody/ground/web-crypto";
import { cosignCheckpoint, cosignerKeyOf, formatNote, formatVerifierKey, parseNote } from "custody/note";

import type { ConsistencyReport, EntryReport, TileReport } from "../messages.ts";
import { ProvenLog } from "./prove.testing.ts";
import type { Between } from "./prove.testing.ts";

let log: ProvenLog;
const earlier: string[] = [];

before(async () => {
  log = await ProvenLog.open(3);
  earlier.push(await log.log.checkpoint());
  await log.grow(297);
  earlier.push(await log.log.checkpoint());
  await log.grow(300);
});
after(() => log.close());

/** Flips a bit of what a path answers with. */
const bent =
  (path: string): Between =>
  async (asked, answer) => {
    if (asked !== path) return answer;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    return new Response(bytes);
  };
const gone =
  (status: number): Between =>
  () =>
    new Response("", { status });

async function compare(...notes: readonly [string, string]): Promise<ConsistencyReport["outcome"]> {
  return ((await log.ask({ kind: "log-consistency", notes })) as ConsistencyReport).outcome;
}

test("a checkpoint counts when the trusted key signed it, and says who did", async () => {
  const report = await log.ask({ kind: "log-checkpoint" });
  assert.ok(report.kind === "log-checkpoint");
  assert.deepEqual([report.size, report.origin], [600, log.searched.trusted.origin]);
  assert.deepEqual(report.witnessing, { kind: "not-asked" });
  assert.deepEqual(
    report.signatures.map(({ role, holds }) => `${role} ${holds}`),
    ["log true"],
  );
  const changed = report.note.replace("\n600\n", "\n601\n");
  await assert.rejects(log.ask({ kind: "log-checkpoint", checkpoint: changed }), { code: "note/signature" });
});

test("any two checkpoints of the log are proven to be one log, in either order", async () => {
  const now = await log.log.checkpoint();
  for (const [a, b] of [
    [earlier[0]!, now],
    [now, earlier[0]!],
    [earlier[0]!, earlier[1]!],
    [now, now],
  ] as const)
    assert.equal((await compare(a, b)).kind, "consistent");
});

test("two trees that the log signed and that are not one log are a fork", async () => {
  const now = await log.log.checkpoint();
  const other = new Uint8Array(32).fill(7);
  const sameSize = await log.forge(() => ({ rootHash: other }));
  assert.equal((await compare(now, sameSize)).kind, "forked");
  const smaller = await log.forge(() => ({ size: 300, rootHash: other }));
  assert.equal((await compare(smaller, now)).kind, "forked");
  assert.equal((await compare(earlier[1]!, now)).kind, "consistent");
});

test("what the tiles do not show is not decided, and what cannot be read is a fault", async () => {
  const larger = await log.forge(() => ({ size: 700, rootHash: new Uint8Array(32) }));
  const outcome = await compare(earlier[0]!, larger);
  assert.deepEqual(
    [outcome.kind, outcome.kind === "unproven" && outcome.code],
    ["unproven", "merkle/tile-missing"],
  );
  const notes = [earlier[0]!, await log.log.checkpoint()] as const;
  await assert.rejects(log.ask({ kind: "log-consistency", notes }, gone(503)), { code: "console/tile" });
});

test("an entry's way leads from its bytes to the signed root", async () => {
  for (const index of [0, 255, 256, 599]) {
    const report = (await log.ask({ kind: "log-entry", index })) as EntryReport;
    assert.equal(report.path.at(-1)?.result, report.checkpoint.rootHash);
    assert.ok(report.path.length >= 5);
    assert.equal(Buffer.from(report.body, "base64").toString().startsWith("entry "), true);
  }
});

test("an entry that was changed on its way is refused, and so is one in a changed tree", async () => {
  const rows: readonly (readonly [string, Between, string])[] = [
    ["the entry", bent("tile/entries/000"), "console/entry"],
    ["its tile", bent("tile/0/000"), "merkle/tile-forged"],
    ["the right edge", bent("tile/0/002.p/88"), "merkle/tile-forged"],
    ["nothing there", gone(404), "merkle/tile-missing"],
    ["a server in trouble", gone(500), "console/tile"],
    ["too much", () => new Response(new Uint8Array(20_000_000)), "console/tile"],
  ];
  for (const [what, between, code] of rows)
    assert.equal(
      await log.ask({ kind: "log-entry", index: 0 }, between).then(() => "", findFaultCode),
      code,
      what,
    );
  await assert.rejects(log.ask({ kind: "log-entry", index: 600 }), { code: "merkle/range" });
});

test("a full tile's hash is what the tile above lists, and the last one leads to the root", async () => {
  const tile = async (level: number, index: number, between?: Between): Promise<TileReport> =>
    (await log.ask({ kind: "log-tile", level, index }, between)) as TileReport;
  const full = await tile(0, 1);
  assert.deepEqual([full.isFull, full.belongs, full.hashes.length], [true, true, 256]);
  assert.deepEqual(full.above, { level: 1, index: 0, place: 1, hash: full.hash });
  assert.ok(full.entries.every(({ holds }) => holds));
  const last = await tile(0, 2);
  assert.deepEqual([last.isFull, last.belongs, last.hashes.length, last.above], [false, true, 88, undefined]);
  const top = await tile(1, 0);
  assert.deepEqual([top.hashes, top.entries], [[(await tile(0, 0)).hash, full.hash], []]);
  const changed = await tile(0, 1, bent("tile/0/001"));
  assert.deepEqual([changed.belongs, changed.above?.hash], [false, full.hash]);
  const entries = await tile(0, 1, bent("tile/entries/001"));
  assert.deepEqual(
    [entries.belongs, entries.entries[0]?.holds, entries.entries[1]?.holds],
    [true, false, true],
  );
  for (const [level, index] of [
    [0, 3],
    [1, 1],
    [2, 0],
  ] as const)
    await assert.rejects(tile(level, index), { code: "console/no-tile" });
});

test("a checkpoint that its witnesses cosigned says so, and one that lacks them or bends them too", async () => {
  const cosigner = { name: "w.example", signer: await generateSigner("ed25519") };
  const own = parseNote(await log.log.checkpoint());
  const time = instantOf(1_800_000_000_000);
  const line = await cosignCheckpoint(webCrypto, cosigner, own.text, time);
  const noteOf = (...more: (typeof own.signatures)[number][]): string =>
    formatNote({ text: own.text, signatures: [...own.signatures, ...more] });
  const bad = { ...line, signature: line.signature.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) };
  log.witnesses = `witness w ${formatVerifierKey(cosignerKeyOf(webCrypto, cosigner))}\nquorum w\n`;
  for (const [note, kind, lines] of [
    [noteOf(line), "satisfied", ["log true", "witness true"]],
    [noteOf(), "missing", ["log true"]],
    [noteOf(bad), "bad", ["log true", "witness false"]],
  ] as const) {
    const report = await log.ask({ kind: "log-checkpoint", checkpoint: note });
    assert.ok(report.kind === "log-checkpoint");
    assert.equal(report.witnessing.kind, kind);
    assert.deepEqual(
      report.signatures.map(({ role, holds }) => `${role} ${holds}`),
      lines,
    );
    const [, cosignature] = report.signatures;
    assert.equal(cosignature?.time, kind === "satisfied" ? time : undefined);
  }
  log.witnesses = undefined;
});
