import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { utf8 } from "custody/ground";
import { openLog } from "custody/log";
import type { LogPorts } from "custody/log";

import { testCrashes } from "../../../custody/src/log/crash.testing.ts";
import { testSequenceStore, testTileStore, testWitnessedStore } from "../../../custody/src/log/contract.ts";
import { startTestDatabase } from "../postgres/postgres.testing.ts";
import type { TestDatabase } from "../postgres/postgres.testing.ts";
import { logMigrations, openSequenceRows, openTileFiles, openWitnessedRow } from "./index.ts";

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

let count = 0;
const openStore = () => openSequenceRows(running.database, `log.example/${++count}`);
const openTiles = async () => openTileFiles(join(directory, String(++count)));

testSequenceStore("the sequence store in PostgreSQL", openStore);
testTileStore("the tile store in files", openTiles);
testWitnessedStore("the witnessed checkpoint in PostgreSQL", () =>
  openWitnessedRow(running.database, `log.example/${++count}`),
);

test("has no file for a path that names no tile", async () => {
  const tiles = await openTiles();
  await assert.rejects(tiles.read("../../etc/passwd"), { code: "merkle/tile-path" });
  await assert.rejects(tiles.write("tile/0/../../x", utf8("x")), { code: "merkle/tile-path" });
});

test("leaves no staging files beside the tiles", async () => {
  const top = join(directory, String(count + 1));
  const tiles = await openTiles();
  await Promise.all(Array.from({ length: 8 }, () => tiles.write("tile/0/000.p/1", utf8("x"))));
  assert.deepEqual(await readdir(join(top, "tile/0/000.p")), ["1"]);
});

async function openPorts(): Promise<LogPorts> {
  const origin = `log.example/${++count}`;
  const [tiles, signer] = [await openTiles(), await generateSigner("ecdsa-p256-sha256")];
  return {
    store: await openSequenceRows(running.database, origin),
    tiles,
    signer,
    origin,
    crypto: nodeCrypto,
  };
}

testCrashes("a log in PostgreSQL and files", openPorts, [1, 3, 5]);

test("runs a log over PostgreSQL and files that several sequencers share", async () => {
  const ports = await openPorts();
  const open = () => openLog(ports);
  const logs = await Promise.all([open(), open(), open()]);
  const append = (name: string) => logs.map((log, i) => log.append(utf8(`${name} of ${i}`)));
  const proofs = await Promise.all(Array.from({ length: 100 }, (_, i) => append(String(i))).flat());
  assert.equal(new Set(proofs.map(({ index }) => index)).size, 300);
  const again = await open();
  for (const { index, entry } of proofs) assert.deepEqual((await again.prove(index)).entry, entry);
});
