import assert from "node:assert/strict";
import { test } from "node:test";

import { parseUtf8, utf8 } from "custody/ground";
import { verifyInclusion, leafHash } from "custody/merkle";
import { checkQuorum, formatVerifierKey, parseCheckpoint, parseNote, parseWitnessPolicy } from "custody/note";
import { formatAddCheckpoint, memoryWitnessStore, Witness } from "custody/witness";

import { makeWitness } from "../note/note.testing.ts";
import { logFault, memoryWitnessedStore, openLog, openWitnessedLog } from "./index.ts";
import type { CosignRequest, Log, LogEntryProof, Witnesses } from "./index.ts";
import { crypto, memoryPorts } from "./log.testing.ts";
import type { LogPorts } from "./open-log.ts";

const { cosigner, key } = makeWitness(crypto, "w.example");
const policy = parseWitnessPolicy(crypto, utf8(`witness w ${formatVerifierKey(key)}\nquorum w\n`));

/** One real witness in this process, which can be away; it counts how often it was asked. */
function makeWitnesses(ports: LogPorts, logKey: Log["key"]) {
  const clock = { now: () => 1_700_000_000_000 as never };
  const logs = [{ origin: ports.origin, keys: [logKey] }];
  const witness = new Witness({ crypto, clock, store: memoryWitnessStore(), cosigners: [cosigner], logs });
  const state = { isAway: false, asked: [] as number[] };
  let known = 0;
  const cosign = async (request: CosignRequest): Promise<string> => {
    const { checkpoint } = request;
    state.asked.push(checkpoint.size);
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (state.isAway) throw logFault("log/not-witnessed", "the witness is away");
    for (;;) {
      const oldSize = Math.min(known, checkpoint.size);
      const hashes = oldSize === 0 ? [] : await request.prove(oldSize);
      const body = formatAddCheckpoint({ oldSize, hashes, checkpoint: checkpoint.note });
      const answer = await witness.addCheckpoint(utf8(body));
      if (answer.kind === "cosigned") return `${checkpoint.note}${answer.lines}`;
      assert.ok(answer.kind === "conflict", JSON.stringify(answer));
      known = answer.size;
      if (known > checkpoint.size) throw logFault("log/not-witnessed", "it has cosigned a larger tree");
    }
  };
  return { state, witnesses: { cosign } satisfies Witnesses };
}

async function open(isAway = false) {
  const ports = memoryPorts();
  const { key: logKey } = await openLog(ports);
  const { state, witnesses } = makeWitnesses(ports, logKey);
  state.isAway = isAway;
  const all = { ...ports, witnesses, witnessed: memoryWitnessedStore() };
  return { ports: all, state, log: await openWitnessedLog(all) };
}

async function check({ index, treeSize, rootHash, hashes, checkpoint, entry }: LogEntryProof) {
  assert.equal((await checkQuorum(crypto, checkpoint, policy)).kind, "allowed");
  assert.equal(parseCheckpoint(parseNote(checkpoint).text).size, treeSize);
  verifyInclusion(crypto, { index, treeSize, hashes, leafHash: leafHash(crypto, entry) }, rootHash);
}

test("publishes only checkpoints that the witness cosigned, the empty tree's first", async () => {
  const { log } = await open();
  assert.match(await log.checkpoint(), /^log\.example\/test\n0\n/);
  assert.equal((await checkQuorum(crypto, await log.checkpoint(), policy)).kind, "allowed");
  for (let i = 0; i < 3; i++) await check(await log.append(utf8(`entry ${i}`)));
  assert.match(await log.checkpoint(), /^log\.example\/test\n3\n/);
  await check(await log.prove(1));
  assert.equal(
    (await checkQuorum(crypto, (await log.proveConsistency(2)).checkpoint, policy)).kind,
    "allowed",
  );
});

test("has what comes while the witness is asked cosigned together", async () => {
  const { log, state } = await open();
  const proofs = await Promise.all(Array.from({ length: 600 }, (_, i) => log.append(utf8(`entry ${i}`))));
  for (const proof of [proofs[0]!, proofs[255]!, proofs[599]!]) await check(proof);
  assert.ok(state.asked.length < 10, `asked ${state.asked.length} times`);
  assert.deepEqual(
    state.asked,
    state.asked.toSorted((a, b) => a - b),
  );
});

test("refuses who waits when the witness does not come, keeps the entry, and has it cosigned later", async () => {
  const { log, state } = await open();
  await log.append(utf8("before"));
  state.isAway = true;
  await assert.rejects(log.append(utf8("during")), { code: "log/not-witnessed" });
  assert.match(await log.checkpoint(), /\n1\n/, "the log still shows what was cosigned");
  await assert.rejects(log.prove(1), { code: "log/no-entry" });
  state.isAway = false;
  const after = await log.append(utf8("after"));
  assert.equal(after.index, 2);
  await check(after);
  assert.equal(parseUtf8((await log.prove(1)).entry), "during");
});

test("catches up when it is read, without a new entry", async () => {
  const { log, state } = await open();
  state.isAway = true;
  await assert.rejects(log.append(utf8("during")), { code: "log/not-witnessed" });
  state.isAway = false;
  await log.checkpoint();
  await log.close();
  await check(await log.prove(0));
});

test("opens while the witness is away, and shows nothing until it came", async () => {
  const { log, state, ports } = await open(true);
  await assert.rejects(log.checkpoint(), { code: "log/not-witnessed" });
  await assert.rejects(log.readTile("tile/0/000.p/1"), { code: "log/not-witnessed" });
  await assert.rejects(log.append(utf8("a")), { code: "log/not-witnessed" });
  state.isAway = false;
  await check(await log.append(utf8("b")));
  const tile = await log.readTile("tile/0/000.p/2");
  assert.equal(tile?.length, 64);
  state.isAway = true;
  const again = await openWitnessedLog(ports);
  assert.match(await again.checkpoint(), /\n2\n/, "what was cosigned is kept");
  await check(await again.prove(0));
});

test("shows no tile beyond what was cosigned", async () => {
  const { log, state } = await open();
  await log.append(utf8("a"));
  state.isAway = true;
  await assert.rejects(log.append(utf8("b")), { code: "log/not-witnessed" });
  assert.equal((await log.readTile("tile/0/000.p/1"))?.length, 32);
  assert.equal(await log.readTile("tile/0/000.p/2"), undefined);
});

test("takes no cosignature for another tree than it asked about", async () => {
  const { ports } = await open();
  const older = await ports.witnessed.find();
  const witnesses: Witnesses = { cosign: async () => older! };
  const log = await openWitnessedLog({ ...ports, witnesses });
  await assert.rejects(log.append(utf8("a")), { code: "log/corrupt" });
});

test("several that share a log never publish less than what was published", async () => {
  const { ports, log } = await open();
  const others = await Promise.all([openWitnessedLog(ports), openWitnessedLog(ports)]);
  const sizes: number[] = [];
  for (let i = 0; i < 10; i++) {
    const each = [log, ...others][i % 3]!;
    await check(await each.append(utf8(`entry ${i}`)));
    sizes.push(parseCheckpoint(parseNote((await ports.witnessed.find())!).text).size);
  }
  assert.deepEqual(sizes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("several that append at once all come to be witnessed, whoever is ahead", async () => {
  const { ports, log } = await open();
  const logs = [log, await openWitnessedLog(ports), await openWitnessedLog(ports)];
  for (let round = 0; round < 10; round++) {
    const proofs = await Promise.all(logs.map((each, i) => each.append(utf8(`entry ${round} ${i}`))));
    for (const proof of proofs) await check(proof);
  }
  assert.match(await log.checkpoint(), /\n30\n/);
});
