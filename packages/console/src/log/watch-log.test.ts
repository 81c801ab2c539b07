import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import type { LogAlarm } from "./alarm.ts";
import { raise, withdraw } from "./alarm.ts";
import type { CheckpointReport, ConsistencyReport } from "./messages.ts";
import { ProvenLog } from "./prove/prove.testing.ts";
import { standingOf } from "./standing.ts";
import { largestOf, remember, seenOf } from "./seen.ts";
import type { SeenCheckpoint } from "./seen.ts";
import { isOlderThanSeen, watchLog } from "./watch-log.ts";
import type { ListPort } from "./watch-log.ts";

class List<Item> implements ListPort<Item> {
  items: readonly Item[] = [];
  read = (): readonly Item[] => this.items;
  change(change: (items: readonly Item[]) => readonly Item[]): void {
    this.items = change(this.items);
  }
}

let log: ProvenLog;
let seen: List<SeenCheckpoint>;
let alarms: List<LogAlarm>;

before(async () => {
  log = await ProvenLog.open(5);
});
after(() => log.close());
beforeEach(() => {
  [seen, alarms] = [new List(), new List()];
});

async function watch(note?: string) {
  return watchLog({
    ask: async () => note ?? log.log.checkpoint(),
    readCheckpoint: async (checkpoint) =>
      (await log.ask({ kind: "log-checkpoint", checkpoint })) as CheckpointReport,
    compare: async (notes) => (await log.ask({ kind: "log-consistency", notes })) as ConsistencyReport,
    seen,
    alarms,
    now: () => "2026-01-01T00:00:00.000Z",
  });
}

test("a log that grows is remembered step by step, each tree once, and raises nothing", async () => {
  const first = await watch();
  assert.deepEqual([first.since, standingOf(first).state], [undefined, "verified"]);
  await watch();
  await log.grow(3);
  const grown = await watch();
  assert.deepEqual([grown.since?.outcome.kind, standingOf(grown).state], ["consistent", "verified"]);
  assert.equal(seen.items.length, 2);
  assert.deepEqual(alarms.items, []);
});

test("a fork raises an alarm with both notes, once, and is not taken for what was seen", async () => {
  const honest = await log.log.checkpoint();
  await watch();
  const forged = await log.forge(() => ({ rootHash: new Uint8Array(32).fill(1) }));
  for (let i = 0; i < 2; i++) assert.match(standingOf(await watch(forged)).word, /another history/);
  assert.deepEqual(
    alarms.items.map(({ kind, before, now }) => [kind, before.note, now.note]),
    [["forked", honest, forged]],
  );
  assert.equal(seen.items.length, 1);
});

test("an older checkpoint of the same log is said to be one, raises nothing, and is over with a newer one", async () => {
  const small = await log.log.checkpoint();
  await log.grow(2);
  await watch();
  const older = await watch(small);
  assert.deepEqual([older.since?.outcome.kind, isOlderThanSeen(older)], ["consistent", true]);
  assert.deepEqual(standingOf(older), { state: "missing", word: "signed, and older than one seen before" });
  assert.deepEqual([seen.items.length, alarms.items.length], [1, 0]);
  assert.equal(standingOf(await watch()).state, "verified");
});

test("a smaller tree that the one seen before does not begin with is a fork", async () => {
  const small = await log.forge(({ size }) => ({ size: size - 1, rootHash: new Uint8Array(32).fill(3) }));
  await watch();
  assert.equal(standingOf(await watch(small)).state, "refused");
  assert.deepEqual(
    alarms.items.map(({ kind, message }) => [kind, /does not begin with the tree of/.test(message)]),
    [["forked", true]],
  );
});

test("an older checkpoint of which the tiles show nothing is not decided", async () => {
  const { checkpoint } = await watch();
  const large = await log.forge(({ size }) => ({ size: size + 300, rootHash: new Uint8Array(32) }));
  seen.items = [{ ...seen.items[0]!, size: checkpoint.size + 300, rootHash: "00".repeat(32), note: large }];
  const older = await watch();
  assert.deepEqual([older.since?.outcome.kind, isOlderThanSeen(older)], ["unproven", true]);
  assert.equal(standingOf(older).state, "undecided");
  assert.deepEqual([seen.items.length, alarms.items.length], [1, 0]);
});

test("what the tiles do not show raises nothing and is not remembered", async () => {
  await watch();
  const larger = await log.forge(({ size }) => ({ size: size + 1, rootHash: new Uint8Array(32) }));
  assert.match(standingOf(await watch(larger)).word, /is not decided/);
  assert.deepEqual([seen.items.length, alarms.items.length], [1, 0]);
});

test("a log with another key is another log, even of the same name", async () => {
  const { vkey } = (await watch()).checkpoint;
  seen.items = [seenAt(1000, "another key")];
  assert.equal((await watch()).before, undefined);
  assert.deepEqual([seen.items.length, alarms.items.length], [2, 0]);
  seen.items = [{ ...seen.items[1]!, size: 1000, vkey }];
  assert.equal((await watch()).before?.size, 1000, "the control: with the same key it is the same log");
});

test("a checkpoint that nobody signed is neither seen nor an alarm", async () => {
  await watch();
  const changed = (await log.log.checkpoint()).replace(/\n\d+\n/, "\n999\n");
  await assert.rejects(watch(changed), { code: "note/signature" });
  assert.deepEqual([seen.items.length, alarms.items.length], [1, 0]);
});

const seenAt = (size: number, vkey = "a"): SeenCheckpoint => ({
  origin: "log.example",
  vkey,
  size,
  rootHash: size.toString(16).padStart(64, "0"),
  note: "note",
  at: "2026-01-01T00:00:00.000Z",
});

test("fifty trees of a log are kept, the first always, and logs do not push each other out", () => {
  let list: readonly SeenCheckpoint[] = [seenAt(1, "b")];
  for (let size = 1; size <= 80; size++) list = remember(list, seenAt(size));
  const sizes = seenOf(list, "a").map(({ size }) => size);
  assert.deepEqual([sizes.length, sizes[0], sizes[1], sizes.at(-1)], [50, 1, 32, 80]);
  assert.equal(seenOf(list, "b").length, 1);
  assert.equal(largestOf(list, "a")?.size, 80);
  assert.equal(largestOf(list, "c"), undefined);
  assert.equal(remember(list, seenAt(80)), list);
  assert.equal(remember(list, { ...seenAt(81), note: "x".repeat(100_000) }), list);
});

test("alarms do not grow without end; the first ones stay until they are dealt with", () => {
  let list: readonly LogAlarm[] = [];
  const alarm = (size: number): LogAlarm => ({
    kind: "forked",
    origin: "a",
    before: { size, note: `${size}` },
    now: { size, note: "other" },
    message: "",
    at: "",
  });
  for (let size = 0; size < 30; size++) list = raise(list, alarm(size));
  assert.deepEqual([list.length, list.at(-1)?.before.size], [20, 0]);
  assert.equal(raise(list, alarm(3)), list);
  assert.deepEqual(withdraw(list, alarm(0)), list.slice(0, -1));
});
