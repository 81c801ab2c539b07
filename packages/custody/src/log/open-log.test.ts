import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";
import {
  formatTilePath,
  leafHash,
  readFrontier,
  rightEdgeTiles,
  verifyConsistency,
  verifyInclusion,
} from "custody/merkle";
import { noteKeyOf, verifyCheckpoint } from "custody/note";

import { openLog } from "./index.ts";
import type { Log, LogEntryProof, LogPorts } from "./index.ts";
import { crypto, makeSigner, memoryPorts } from "./log.testing.ts";

async function check(ports: LogPorts, proof: LogEntryProof) {
  const logKey = noteKeyOf(crypto, ports.origin, ports.signer);
  const checkpoint = await verifyCheckpoint(crypto, proof.checkpoint, { origin: ports.origin, logKey });
  assert.equal(checkpoint.size, proof.treeSize);
  assert.deepEqual(checkpoint.rootHash, proof.rootHash);
  verifyInclusion(crypto, { ...proof, leafHash: leafHash(crypto, proof.entry) }, checkpoint.rootHash);
}

async function appendMany(log: Log, count: number, name = "entry") {
  return Promise.all(Array.from({ length: count }, (_, i) => log.append(utf8(`${name} ${i}`))));
}

test("publishes the empty tree first, and each entry with a proof that stands alone", async () => {
  const ports = memoryPorts();
  const log = await openLog(ports);
  assert.match(await log.checkpoint(), /^log\.example\/test\n0\n/);
  for (let i = 0; i < 5; i++) {
    const proof = await log.append(utf8(`entry ${i}`));
    assert.deepEqual([proof.index, proof.treeSize], [i, i + 1]);
    await check(ports, proof);
  }
});

test("groups what comes while it is busy, 256 at most, in the order it came", async () => {
  const ports = memoryPorts();
  const sizes: number[] = [];
  const assign: LogPorts["store"]["assign"] = (entries) => {
    sizes.push(entries.length);
    return ports.store.assign(entries);
  };
  const log = await openLog({ ...ports, store: { ...ports.store, assign } });
  const proofs = await appendMany(log, 700);
  assert.deepEqual(sizes, [256, 256, 188]);
  assert.deepEqual(
    proofs.map(({ index }) => index),
    [...proofs.keys()],
  );
  for (const proof of [proofs[0]!, proofs[255]!, proofs[256]!, proofs[699]!]) await check(ports, proof);
});

test("proves every entry again, from its tiles, after it was opened anew", async () => {
  const ports = memoryPorts();
  await appendMany(await openLog(ports), 300);
  const log = await openLog(ports);
  for (let i = 0; i < 300; i++) {
    const proof = await log.prove(i);
    assert.deepEqual(proof.entry, utf8(`entry ${i}`));
    await check(ports, proof);
  }
  for (const index of [300, -1, 0.5]) await assert.rejects(log.prove(index), { code: "log/no-entry" });
});

test("serves the tiles that its checkpoint needs, and nothing else", async () => {
  const ports = memoryPorts();
  const log = await openLog(ports);
  await appendMany(log, 300);
  for (const tile of rightEdgeTiles(300)) assert.ok(await log.readTile(formatTilePath(tile)));
  assert.ok(await log.readTile("tile/entries/000"));
  assert.equal(await log.readTile("tile/0/001.p/45"), undefined);
  assert.equal(await log.readTile("tile/0/002"), undefined);
  await assert.rejects(log.readTile("../secret"), { code: "merkle/tile-path" });
});

test("proves each published tree to extend those before", async () => {
  const ports = memoryPorts();
  const log = await openLog(ports);
  const older = (await appendMany(log, 3)).at(-1)!;
  const newer = (await appendMany(log, 600)).at(-1)!;
  const { hashes } = await log.proveConsistency(3);
  verifyConsistency(
    crypto,
    { size: 3, rootHash: older.rootHash },
    { size: newer.treeSize, rootHash: newer.rootHash },
    hashes,
  );
});

test("never forks when several processes sequence the same log", async () => {
  const ports = memoryPorts();
  const logs = await Promise.all(Array.from({ length: 4 }, () => openLog(ports)));
  const proofs = (await Promise.all(logs.map((log, i) => appendMany(log, 60, `of ${i}`)))).flat();
  const roots = new Map(
    proofs.map(({ treeSize, rootHash }) => [treeSize, Buffer.from(rootHash).toString("hex")]),
  );
  assert.equal(new Set(proofs.map(({ index }) => index)).size, 240);
  for (const proof of proofs) {
    await check(ports, proof);
    assert.equal(roots.get(proof.treeSize), Buffer.from(proof.rootHash).toString("hex"));
  }
  const last = proofs.find(({ treeSize }) => treeSize === 240)!;
  const read = (tile: Parameters<typeof formatTilePath>[0]) => ports.tiles.read(formatTilePath(tile));
  await readFrontier(crypto, { size: 240, rootHash: last.rootHash }, async (tile) => read(tile));
});

test("refuses an entry that is too large, and everything once closed", async () => {
  const log = await openLog(memoryPorts());
  await assert.rejects(log.append(new Uint8Array(65_536)), { code: "log/entry-size" });
  assert.equal((await log.append(new Uint8Array(65_535))).index, 0);
  assert.equal((await log.append(new Uint8Array())).index, 1);
  const last = log.append(utf8("last"));
  await log.close();
  assert.equal((await last).index, 2);
  await assert.rejects(log.append(utf8("late")), { code: "log/closed" });
});

test("takes no more than it can hold when it cannot keep up", async () => {
  const log = await openLog(memoryPorts());
  const outcomes = await Promise.allSettled(
    Array.from({ length: 5000 }, (_, i) => log.append(utf8(`${i}`)).then(() => "kept")),
  );
  const refused = outcomes.filter(({ status }) => status === "rejected");
  assert.equal(refused.length, 5000 - 4096);
});

test("does not open with another key than its checkpoint is signed with", async () => {
  const ports = memoryPorts();
  await openLog(ports);
  await assert.rejects(openLog({ ...ports, signer: makeSigner() }), { code: "note/unsigned" });
  await assert.rejects(openLog({ ...ports, origin: "log.example/other" }), { code: "note/unsigned" });
});

test("finds an altered tile, bundle or checkpoint before it signs or proves anything", async () => {
  const ports = memoryPorts();
  await appendMany(await openLog(ports), 300);
  const altered = (path: string): LogPorts => ({
    ...ports,
    tiles: {
      ...ports.tiles,
      async read(asked) {
        const content = await ports.tiles.read(asked);
        if (asked === path && content) content[5]! ^= 1;
        return content;
      },
    },
  });
  await assert.rejects(openLog(altered("tile/0/001.p/44")), { code: "merkle/tile-forged" });
  await assert.rejects(openLog(altered("tile/1/000.p/1")), { code: "merkle/tile-forged" });
  const log = await openLog(altered("tile/0/000"));
  await assert.rejects(log.prove(0), { code: "merkle/tile-forged" });
  const other = await openLog(altered("tile/entries/000"));
  await assert.rejects(other.prove(0), { code: "log/corrupt" });
});

test("notices when its store goes back to an older checkpoint while it runs", async () => {
  const ports = memoryPorts();
  let note: string | undefined;
  const findCheckpoint = async () => note ?? ports.store.findCheckpoint();
  const log = await openLog({ ...ports, store: { ...ports.store, findCheckpoint } });
  await log.append(utf8("one"));
  const older = await log.checkpoint();
  await log.append(utf8("two"));
  note = older;
  await assert.rejects(log.append(utf8("three")), { code: "log/rolled-back" });
  await assert.rejects(log.checkpoint(), { code: "log/rolled-back" });
});

test("publishes nothing when its signer signs something else", async () => {
  const ports = memoryPorts();
  const sign = () => ports.signer.sign(utf8("something else"));
  await assert.rejects(openLog({ ...ports, signer: { ...ports.signer, sign } }), { code: "note/signature" });
  assert.equal(await ports.store.findCheckpoint(), undefined);
});
