import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { generateSigner, nodeCrypto, openKeyFile } from "@custody/node/crypto";
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

// A process that appends until it is killed, and says which entries were acknowledged.
const writer = (paths: Record<string, string>, connection: object) => `
  const { openLog } = await import(${JSON.stringify(import.meta.resolve("custody/log"))});
  const { nodeCrypto, openKeyFile } = await import(${JSON.stringify(import.meta.resolve("@custody/node/crypto"))});
  const { openSequenceRows, openTileFiles } = await import(${JSON.stringify(import.meta.resolve("./index.ts"))});
  const { openDatabase } = await import(${JSON.stringify(import.meta.resolve("@custody/node/postgres"))});
  const database = openDatabase(${JSON.stringify(connection)});
  const log = await openLog({
    store: await openSequenceRows(database, "log.example/killed"),
    tiles: openTileFiles(${JSON.stringify(paths["tiles"])}),
    signer: await openKeyFile(${JSON.stringify(paths["key"])}, "ed25519"),
    origin: "log.example/killed",
    crypto: nodeCrypto,
  });
  for (let n = 0; ; n++) {
    const name = process.pid + " " + n;
    log.append(new TextEncoder().encode(name)).then(({ index }) => console.log(index + " " + name));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }`;

test("loses no acknowledged entry when its process is killed, again and again", async () => {
  const paths = { tiles: join(directory, "killed"), key: join(directory, "killed.key") };
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round++) {
    const script = writer(paths, running.connection);
    const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio });
    let written = "";
    child.stdout.on("data", (chunk) => (written += String(chunk)));
    for (let i = 0; i < 1000 && written.split("\n").length < 30 + round; i++) await sleep(10);
    child.kill("SIGKILL");
    await once(child, "close");
    acknowledged.push(...written.split("\n").slice(0, -1));
  }
  const log = await openLog({
    store: await openSequenceRows(running.database, "log.example/killed"),
    tiles: openTileFiles(paths.tiles),
    signer: await openKeyFile(paths.key, "ed25519"),
    origin: "log.example/killed",
    crypto: nodeCrypto,
  });
  assert.ok(acknowledged.length >= 87);
  for (const line of acknowledged) {
    const [index, ...name] = line.split(" ");
    assert.deepEqual((await log.prove(Number(index))).entry, utf8(name.join(" ")));
  }
});
