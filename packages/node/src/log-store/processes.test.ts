import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { nodeCrypto } from "@custody/node/crypto";
import { equalBytes, parseBase64, toHex, utf8 } from "custody/ground";
import { openLog, verifyWholeLog } from "custody/log";
import type { Log } from "custody/log";
import {
  formatTilePath,
  leafHash,
  readFrontier,
  TileReader,
  verifyConsistency,
  verifyInclusion,
} from "custody/merkle";
import type { HashTile } from "custody/merkle";
import { verifyCheckpoint } from "custody/note";
import type { VerifiedCheckpoint } from "custody/note";

import { startTestDatabase } from "../postgres/postgres.testing.ts";
import type { TestDatabase } from "../postgres/postgres.testing.ts";
import type { Acknowledged, SharedLog } from "./appender.testing.ts";
import { Appender, openSharedPorts } from "./appender.testing.ts";
import { logMigrations, openTileFiles } from "./index.ts";

let running: TestDatabase;
let directory: string;
before(async () => {
  running = await startTestDatabase(logMigrations);
  directory = await mkdtemp(join(tmpdir(), "custody-log-"));
});
after(async () => {
  await running.stop();
  await rm(directory, { recursive: true });
});

const sharedLog = (name: string): SharedLog => ({
  origin: `${name}.example`,
  tiles: join(directory, name),
  key: join(directory, `${name}.key`),
});

/** Every proof that was given out holds by itself, and every checkpoint in it is one of the log's past. */
async function checkAll(shared: SharedLog, all: readonly Acknowledged[]): Promise<void> {
  const log = await openLog(await openSharedPorts(running.database, shared));
  const last = await verify(log, shared, await log.checkpoint());
  const entries = await checkWhole(shared, last);
  const seen = new Map<string, VerifiedCheckpoint>();
  for (const { checkpoint } of all)
    if (!seen.has(checkpoint)) seen.set(checkpoint, await verify(log, shared, checkpoint));
  for (const { name, index, treeSize, hashes, checkpoint } of all) {
    const proof = {
      index,
      treeSize,
      leafHash: leafHash(nodeCrypto, utf8(name)),
      hashes: hashes.map(parseBase64),
    };
    verifyInclusion(nodeCrypto, proof, seen.get(checkpoint)!.rootHash);
    assert.ok(equalBytes(entries[index]!, utf8(name)), `entry ${index} is ${name}`);
  }
  await checkPast(shared, last, [...seen.values()]);
  assert.equal(new Set(all.map(({ index }) => index)).size, all.length, "each has an index of its own");
}

const verify = (log: Log, { origin }: SharedLog, note: string) =>
  verifyCheckpoint(nodeCrypto, note, { origin, logKey: log.key });

async function checkWhole(shared: SharedLog, checkpoint: VerifiedCheckpoint): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = [];
  const visit = (_: number, more: readonly Uint8Array[]) => void entries.push(...more);
  await verifyWholeLog({ hasher: nodeCrypto, tiles: openTileFiles(shared.tiles), checkpoint, visit });
  return entries;
}

async function checkPast(shared: SharedLog, last: VerifiedCheckpoint, seen: readonly VerifiedCheckpoint[]) {
  const tiles = openTileFiles(shared.tiles);
  const readTile = (tile: HashTile) => tiles.read(formatTilePath(tile));
  const reader = new TileReader(nodeCrypto, await readFrontier(nodeCrypto, last, readTile), readTile);
  const roots = new Map(seen.map(({ size, rootHash }) => [size, toHex(rootHash)]));
  for (const older of seen) {
    assert.equal(roots.get(older.size), toHex(older.rootHash), `one tree of ${older.size} entries`);
    verifyConsistency(nodeCrypto, older, last, await reader.proveConsistency(older.size));
  }
}

test(
  "one process after the other is killed, and no acknowledged entry is lost",
  { timeout: 60_000 },
  async () => {
    const shared = sharedLog("killed");
    const all: Acknowledged[] = [];
    for (let round = 0; round < 3; round++) {
      const appender = new Appender(shared, running.connection);
      await appender.reach(100 + round);
      await appender.kill();
      all.push(...appender.acknowledged);
    }
    assert.ok(all.length >= 303);
    await checkAll(shared, all);
  },
);

test(
  "four processes sequence one log at once, some are killed, others come: it never forks and loses nothing",
  { timeout: 120_000 },
  async () => {
    const shared = sharedLog("shared");
    const start = () => new Appender(shared, running.connection);
    const appenders = [start()];
    await appenders[0]!.reach(1); // it has made the key
    appenders.push(start(), start(), start());
    for (let round = 0; round < 2; round++) {
      await Promise.all(appenders.slice(-4).map((appender) => appender.reach(100)));
      await appenders.at(-4)!.kill();
      appenders.push(start());
    }
    await appenders.at(-1)!.reach(100);
    await Promise.all(appenders.map((appender) => appender.kill()));
    const all = appenders.flatMap(({ acknowledged }) => acknowledged);
    const trees = new Set(all.map(({ checkpoint }) => checkpoint));
    assert.ok(all.length > 600 && trees.size > 20, `${all.length} entries under ${trees.size} checkpoints`);
    await checkAll(shared, all);
  },
);
