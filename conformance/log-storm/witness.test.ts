import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";
import { memorySequenceStore, memoryTileStore, openLog } from "custody/log";
import type { Log, LogPorts } from "custody/log";

import { memoryPorts } from "../../packages/custody/src/log/log.testing.ts";
import { StormWitness } from "./witness.ts";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** What Rekor's door answers to an entry. */
async function append(log: Log, digest: string): Promise<string> {
  const { index, treeSize, hashes, checkpoint, entry } = await log.append(utf8(`entry about ${digest}`));
  return JSON.stringify({
    logIndex: String(index),
    canonicalizedBody: base64(entry),
    inclusionProof: {
      treeSize: String(treeSize),
      hashes: hashes.map(base64),
      checkpoint: { envelope: checkpoint },
    },
  });
}

const served = (log: Log) => ({
  read: async (path: string) => (path === "checkpoint" ? utf8(await log.checkpoint()) : log.readTile(path)),
});

/** The same name and key, another past: what a log is after it lost its disk, or lied. */
const openAnother = (ports: LogPorts): Promise<Log> =>
  openLog({ ...ports, store: memorySequenceStore(), tiles: memoryTileStore() });

async function remember(witness: StormWitness, log: Log, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++)
    await witness.remember({ body: "", digest: `<${i}>` }, await append(log, `<${i}>`));
}

test("finds nothing in a log that keeps what it acknowledged, with entries between that nobody was told of", async () => {
  const log = await openLog(memoryPorts());
  const witness = new StormWitness(log.key);
  await remember(witness, log, 0, 20);
  await append(log, "answer lost");
  await remember(witness, log, 20, 300);
  assert.equal(await witness.judge(served(log)), 301);
});

test("finds an entry that is lost, moved or given twice, and a log that forked", async () => {
  const ports = memoryPorts();
  const log = await openLog(ports);
  const witness = new StormWitness(log.key);
  await remember(witness, log, 0, 20);
  const other = await openAnother(ports);
  await assert.rejects(remember(witness, other, 0, 1), /two entries were given the index 0/);
  for (let i = 1; i < 10; i++) await append(other, `<${i}>`);
  await assert.rejects(witness.judge(served(other)), /10 acknowledged entries are lost; the first is 10/);
  for (let i = 10; i < 15; i++) await append(other, `<${i + 1}>`);
  await assert.rejects(witness.judge(served(other)), /are lost; the first is 10/);
  const forked = await openAnother(ports);
  const stranger = new StormWitness(forked.key);
  await append(forked, "something else");
  await stranger.see(await forked.checkpoint());
  await stranger.see(await log.checkpoint());
  await assert.rejects(stranger.judge(served(log)), { code: "merkle/consistency" });
});

test("takes no answer that does not prove its entry", async () => {
  const log = await openLog(memoryPorts());
  const witness = new StormWitness(log.key);
  const answer = await append(log, "<0>");
  await assert.rejects(witness.remember({ body: "", digest: "<1>" }, answer), /something else/);
  const bent = answer.replace('"logIndex":"0"', '"logIndex":"1"');
  await assert.rejects(witness.remember({ body: "", digest: "<0>" }, bent), { code: "merkle/range" });
  await witness.remember({ body: "", digest: "<0>" }, answer);
});
