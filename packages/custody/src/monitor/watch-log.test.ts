import assert from "node:assert/strict";
import { test } from "node:test";

import { makeTrust } from "custody/authority/attestor.testing";
import { canonicalJson, digestOf, instantOf, toBase64, utf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import { openLog } from "custody/log";
import type { Log, LogPorts } from "custody/log";
import {
  cosignCheckpoint,
  formatNote,
  formatVerifierKey,
  parseNote,
  parseWitnessPolicy,
  signNote,
} from "custody/note";
import { spiffeIdOf } from "custody/spiffe";

import { crypto, makeSigner, memoryPorts } from "../log/log.testing.ts";
import { makeWitness } from "../note/note.testing.ts";
import { memoryMonitorStore, parseExpectations, parseWatchList, watchLog } from "./index.ts";
import type { Alarm, LogReader, MonitorPorts, Watch } from "./index.ts";

const ports = memoryPorts();
const noOne = parseWatchList("");

async function grow(names: readonly (string | Bytes)[], given: LogPorts = ports): Promise<Log> {
  const log = await openLog({ ...memoryPorts(), signer: given.signer, origin: given.origin });
  for (const name of names) await log.append(typeof name === "string" ? utf8(name) : name);
  return log;
}

const readerOf = (
  log: Log,
  change: (path: string, bytes: Bytes) => Bytes | undefined = (_, bytes) => bytes,
): LogReader => ({
  async read(path) {
    const bytes = path === "checkpoint" ? utf8(await log.checkpoint()) : await log.readTile(path);
    return bytes && change(path, bytes);
  },
});

/** A monitor that has looked at these logs, one after the other, and told this. */
async function look(readers: readonly LogReader[], changes: Partial<Watch> = {}) {
  const alarms: Alarm[] = [];
  const { key } = await grow([]);
  const watch = { origin: key.name, logKey: key, watched: noOne, expected: new Set<string>(), ...changes };
  const store = memoryMonitorStore();
  const raise: MonitorPorts["raise"] = async (alarm) => void alarms.push(alarm);
  let last;
  for (const log of readers) last = await watchLog({ crypto, log, store, raise }, watch);
  return { alarms, last, codes: alarms.map(({ code }) => code), state: await store.find() };
}

const names = Array.from({ length: 300 }, (_, i) => `entry ${i}`);
const [small, middle, large] = await Promise.all([3, 257, 300].map((size) => grow(names.slice(0, size))));

test("follows a log that only grows, and looks at every entry", async () => {
  const { codes, last, state } = await look(
    [await grow([]), small!, small!, middle!, large!].map((log) => readerOf(log)),
  );
  assert.deepEqual(codes, []);
  assert.deepEqual(last, { size: 300, read: 300, alarms: 0, isStuck: false });
  assert.equal(state?.checkpoint, await large!.checkpoint());
});

test("tells a fork with both notes, and remembers the first", async () => {
  const fork = await grow(["entry 0", "another", "entry 2"]);
  const { alarms, state } = await look([readerOf(small!), readerOf(fork), readerOf(fork)]);
  assert.deepEqual(
    alarms.map(({ code }) => code),
    ["monitor/forked", "monitor/forked"],
  );
  assert.deepEqual(alarms[0]?.details["checkpoints"], [await small!.checkpoint(), await fork.checkpoint()]);
  assert.equal(state?.checkpoint, await small!.checkpoint());
});

test("tells a larger tree that does not extend the one it knows, and one that went back", async () => {
  const other = await grow(["another", ...names.slice(1, 260)]);
  assert.deepEqual((await look([readerOf(small!), readerOf(other)])).codes, ["monitor/inconsistent"]);
  assert.deepEqual((await look([readerOf(large!), readerOf(small!)])).codes, ["monitor/rolled-back"]);
});

test("tells a checkpoint that the log did not sign, that is another log's, or none at all", async () => {
  const check = async (note: string | Bytes, expected: readonly string[]) => {
    const bytes = typeof note === "string" ? utf8(note) : note;
    const { codes, state } = await look([
      readerOf(small!, (path, own) => (path === "checkpoint" ? bytes : own)),
    ]);
    assert.deepEqual(codes, expected);
    if (expected.length > 0) assert.equal(state, undefined);
  };
  const note = await small!.checkpoint();
  await check(note, []);
  const { text } = parseNote(note);
  await check(note.replace("\n3\n", "\n4\n"), ["monitor/signature"]);
  await check(await signNote(crypto, ports.origin, makeSigner(), text), ["monitor/signature"]);
  const renamed = text.replace(ports.origin, "other.example");
  await check(await signNote(crypto, ports.origin, ports.signer, renamed), ["monitor/signature"]);
  await check("<html>", ["monitor/signature"]);
  await check(new Uint8Array([0xff]), ["monitor/signature"]);
});

test("tells a checkpoint without its quorum, until the witnesses have cosigned it", async () => {
  const { cosigner, key } = makeWitness(crypto, "w.example");
  const policy = parseWitnessPolicy(crypto, utf8(`witness w ${formatVerifierKey(key)}\nquorum w\n`));
  const { text, signatures } = parseNote(await small!.checkpoint());
  const line = await cosignCheckpoint(crypto, cosigner, text, instantOf(1_700_000_000_000));
  const cosigned = readerOf(small!, (path, own) =>
    path === "checkpoint" ? utf8(formatNote({ text, signatures: [...signatures, line] })) : own,
  );
  const { codes, last } = await look([readerOf(small!), cosigned], { policy });
  assert.deepEqual(codes, ["monitor/not-witnessed"]);
  assert.equal(last?.read, 3);
});

test("tells a tile or bundle that is missing or altered, and goes on once it is right", async () => {
  const paths: string[] = [];
  await look([readerOf(large!, (path, bytes) => (paths.push(path), bytes))]);
  const tiles = [...new Set(paths)].filter((path) => path !== "checkpoint");
  assert.ok(tiles.length >= 4, tiles.join(" "));
  for (const bad of tiles) {
    for (const change of [undefined, (bytes: Bytes) => bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte))]) {
      const broken = readerOf(large!, (path, bytes) => (path === bad ? change?.(bytes) : bytes));
      const { codes, last } = await look([broken, readerOf(large!)]);
      assert.deepEqual(codes, ["monitor/tile"], bad);
      assert.equal(last?.read, 300);
    }
  }
});

const trust = await makeTrust();
const identity = spiffeIdOf(trust.authorities.trustDomain, "repository", "hello", "publish");
const statement = {
  subject: [{ name: "a", digest: { sha256: "0".repeat(64) } }],
  predicateType: "x:y",
  predicate: {},
};

/** The entry of an attestation in that name, and the digest of what was signed. */
async function signedEntry(): Promise<{ entry: Bytes; digest: string }> {
  let entry: Bytes = new Uint8Array();
  const log = { append: (body: Bytes) => ((entry = body), trust.ports.log.append(body)) };
  const { attest } = await import("custody/authority");
  const { bytes } = await attest({ ...trust.ports, log }, trust.authorities, identity, statement);
  const envelope = (JSON.parse(new TextDecoder().decode(bytes)) as { dsseEnvelope: { payload: string } })
    .dsseEnvelope;
  return { entry, digest: digestOf(crypto, Buffer.from(envelope.payload, "base64")) };
}

test("tells what is signed in a watched name and not expected, by whichever way it is named", async () => {
  const { entry, digest } = await signedEntry();
  const log = await grow([entry]);
  const check = async (list: string, expected: readonly string[], expectations = "") => {
    const watched = parseWatchList(list);
    const { alarms } = await look([readerOf(log)], { watched, expected: parseExpectations(expectations) });
    assert.deepEqual(
      alarms.map(({ code }) => code),
      expected,
      list,
    );
    for (const { details } of alarms) assert.deepEqual([details["index"], details["digest"]], [0, digest]);
  };
  const alarm = ["monitor/identity"];
  await check(`identity ${identity}\n`, alarm);
  await check(`identity ${identity}\n`, [], `# ours\n${digest}\n`);
  await check(`identity ${identity}\n`, alarm, `${digestOf(crypto, utf8("other"))}\n`);
  await check(`identity ${identity} spiffe://example.org\n`, alarm);
  await check(`identity ${identity} spiffe://other.example\n`, []);
  await check("identity glob:spiffe://example.org/** glob:spiffe://*\n", alarm);
  await check(`identity ${identity.slice(0, -1)}\n`, []);
  await check("", []);
});

test("tells what a watched key signed, and what nobody can read when somebody is watched", async () => {
  const spki = makeSigner().publicKey.spki;
  const key = digestOf(crypto, spki);
  const digest = `sha512:${"ab".repeat(64)}`;
  const entry = canonicalJson({
    apiVersion: "0.0.2",
    kind: "hashedrekord",
    spec: {
      hashedRekordV002: {
        data: { algorithm: "SHA2_512", digest: toBase64(new Uint8Array(64).fill(0xab)) },
        signature: {
          content: "AA==",
          verifier: { keyDetails: "x", publicKey: { rawBytes: toBase64(spki) } },
        },
      },
    },
  });
  const log = await grow(["nonsense", entry, "{}"]);
  const watched = parseWatchList(`key ${key}\n`);
  const { alarms } = await look([readerOf(log)], { watched });
  assert.deepEqual(
    alarms.map(({ code, details }) => [code, details["index"]]),
    [
      ["monitor/entry", 0],
      ["monitor/identity", 1],
      ["monitor/entry", 2],
    ],
  );
  const expecting = await look([readerOf(log)], { watched, expected: parseExpectations(`${digest}\n`) });
  assert.deepEqual(expecting.codes, ["monitor/entry", "monitor/entry"]);
});

test("tells again what could not be told, and nothing twice that could", async () => {
  const { entry } = await signedEntry();
  const log = await grow([entry]);
  const store = memoryMonitorStore();
  const watch = {
    origin: log.key.name,
    logKey: log.key,
    watched: parseWatchList(`identity ${identity}\n`),
    expected: new Set<string>(),
  };
  const told: Alarm[] = [];
  const failing = { crypto, log: readerOf(log), store, raise: () => Promise.reject(new Error("no network")) };
  await assert.rejects(watchLog(failing, watch), /no network/);
  for (let i = 0; i < 2; i++) {
    await watchLog(
      { crypto, log: readerOf(log), store, raise: async (alarm) => void told.push(alarm) },
      watch,
    );
  }
  assert.equal(told.length, 1);
});

test("says nothing of a log that it cannot reach, or whose state is another log's", async () => {
  await assert.rejects(look([{ read: async () => undefined }]), { code: "monitor/unreachable" });
  const { key } = await grow([]);
  const store = memoryMonitorStore();
  await store.keep({
    checkpoint: await trust.ports.log.append(utf8("x")).then(({ checkpoint }) => checkpoint),
    read: 0,
  });
  const watch = { origin: key.name, logKey: key, watched: noOne, expected: new Set<string>() };
  await assert.rejects(
    watchLog({ crypto, log: readerOf(small!), store, raise: async () => undefined }, watch),
    {
      code: "monitor/state",
    },
  );
});
