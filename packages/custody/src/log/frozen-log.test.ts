import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";
import { verifyCheckpoint } from "custody/note";

import {
  memorySequenceStore,
  memoryTileStore,
  memoryWitnessedStore,
  openFrozenLog,
  openLog,
  verifyWholeLog,
} from "./index.ts";
import type { Log, LogPorts } from "./index.ts";
import { crypto, makeSigner, memoryPorts } from "./log.testing.ts";

async function makeLog(size: number): Promise<{ ports: LogPorts; log: Log }> {
  const ports = memoryPorts();
  const log = await openLog(ports);
  await Promise.all(Array.from({ length: size }, (_, i) => log.append(utf8(`entry ${i}`))));
  return { ports, log };
}

const freeze = ({ signer, ...ports }: LogPorts) => openFrozenLog({ ...ports, publicKey: signer.publicKey });

test("serves and proves all that it has, at its final checkpoint, and takes nothing more", async () => {
  const { ports, log } = await makeLog(300);
  const last = await log.checkpoint();
  const frozen = (await freeze(ports))!;
  assert.equal(await frozen.checkpoint(), last);
  const checkpoint = await verifyCheckpoint(crypto, last, { origin: ports.origin, logKey: frozen.key });
  await verifyWholeLog({ hasher: crypto, tiles: { read: (path) => frozen.readTile(path) }, checkpoint });
  assert.deepEqual(await frozen.prove(7), await log.prove(7));
  assert.deepEqual(await frozen.proveConsistency(7), await log.proveConsistency(7));
  assert.equal(await frozen.readTile("tile/0/001.p/45"), undefined);
  await assert.rejects(frozen.append(utf8("more")), { code: "log/frozen" });
});

test("ends for a process that still has it open, and for one that opens it with its key", async () => {
  const { ports, log } = await makeLog(3);
  assert.equal((await log.append(utf8("before"))).index, 3);
  await freeze(ports);
  await assert.rejects(log.append(utf8("after")), { code: "log/frozen" });
  const again = await openLog(ports);
  await assert.rejects(again.append(utf8("after")), { code: "log/frozen" });
  assert.match(await again.checkpoint(), /\n4\n/);
});

test("an entry that was assigned and not acknowledged when it ended is in no checkpoint", async () => {
  const { ports } = await makeLog(3);
  await ports.store.assign([utf8("unacknowledged")]);
  const frozen = (await freeze(ports))!;
  assert.match(await frozen.checkpoint(), /\n3\n/);
  await assert.rejects(frozen.prove(3), { code: "log/no-entry" });
});

test("ends with what its witnesses have cosigned, where it had any", async () => {
  const { ports, log } = await makeLog(3);
  const cosigned = await log.checkpoint();
  await log.append(utf8("not cosigned"));
  const witnessed = memoryWitnessedStore();
  const open = async () => openFrozenLog({ ...ports, publicKey: ports.signer.publicKey, witnessed });
  assert.match((await (await open())?.checkpoint()) ?? "", /\n4\n/);
  await witnessed.replace(cosigned, undefined);
  assert.equal(await (await open())?.checkpoint(), cosigned);
});

test("is not opened with another key, nor where there never was one", async () => {
  const { ports } = await makeLog(3);
  await assert.rejects(freeze({ ...ports, signer: makeSigner() }), { code: "note/unsigned" });
  const empty = { ...ports, store: memorySequenceStore(), tiles: memoryTileStore() };
  assert.equal(await freeze(empty), undefined);
});
