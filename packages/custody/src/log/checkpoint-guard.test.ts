import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { parseCheckpoint, parseNote } from "custody/note";
import type { Checkpoint } from "custody/note";

import { checkExtension, openLog } from "./index.ts";
import { crypto, memoryPorts } from "./log.testing.ts";

async function makeLog(names: readonly string[]) {
  const log = await openLog(memoryPorts());
  const checkpoints = [await log.checkpoint()];
  for (const name of names) checkpoints.push((await log.append(utf8(name))).checkpoint);
  return { log, checkpoints: checkpoints.map((note) => parseCheckpoint(parseNote(note).text)) };
}

const honest = await makeLog(["a", "b", "c", "d", "e"]);
const forked = await makeLog(["a", "x", "c", "d", "e"]);

async function check(older: Checkpoint, newer: Checkpoint, expected: string, proof?: readonly Bytes[]) {
  const hashes =
    proof ?? (older.size < newer.size ? (await honest.log.proveConsistency(older.size)).hashes : []);
  const verdict = checkExtension(crypto, older, newer, hashes);
  assert.equal(verdict.kind === "refused" ? verdict.reasons[0].code : verdict.kind, expected);
}

test("takes the same tree, and every tree that extends it", async () => {
  const last = honest.checkpoints[5]!;
  for (const older of honest.checkpoints) await check(older, last, "allowed");
});

test("refuses another tree of the same size as forked", async () => {
  await check(honest.checkpoints[3]!, forked.checkpoints[3]!, "log/forked");
  await check(honest.checkpoints[1]!, forked.checkpoints[1]!, "allowed");
});

test("refuses a smaller tree as rolled back", async () => {
  await check(honest.checkpoints[3]!, honest.checkpoints[2]!, "log/rolled-back");
});

test("refuses a larger tree that is not shown to extend it, whatever the proof looks like", async () => {
  const [older, last] = [forked.checkpoints[3]!, honest.checkpoints[5]!];
  await check(older, last, "log/inconsistent");
  await check(older, last, "log/inconsistent", (await forked.log.proveConsistency(3)).hashes);
  await check(honest.checkpoints[3]!, last, "log/inconsistent", []);
  await check(honest.checkpoints[3]!, last, "log/inconsistent", [new Uint8Array(5)]);
  await check(honest.checkpoints[0]!, last, "log/inconsistent", [new Uint8Array(32)]);
});

test("refuses the checkpoint of another log", async () => {
  const other = { ...honest.checkpoints[5]!, origin: "log.example/other" };
  await check(honest.checkpoints[3]!, other, "log/other-log");
});
