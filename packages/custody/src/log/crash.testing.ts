import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "custody/ground";
import { parseCheckpoint, parseNote } from "custody/note";

import { checkExtension, openLog } from "./index.ts";
import type { Log, LogEntryProof, LogPorts } from "./index.ts";
import { crypto } from "./log.testing.ts";

// Each stage of an append, as the call of a port that makes it durable.
export const stages = ["assign", "readEntries", "write", "sign", "findCheckpoint", "publish"] as const;
export type Stage = (typeof stages)[number];

const outcomes = ["failed", "failed but persisted"] as const;
type Outcome = (typeof outcomes)[number];

export class Crash extends Error {}

export type Call = (...args: unknown[]) => Promise<unknown>;

/** The same ports, with each call of a stage given to `wrap`. */
export function wrapStages(ports: LogPorts, wrap: (stage: Stage, call: Call) => Call): LogPorts {
  const wrapped = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        const stage = stages.find((stage) => stage === name);
        return stage ? wrap(stage, value as Call) : value;
      },
    });
  return {
    ...ports,
    store: wrapped(ports.store),
    tiles: wrapped(ports.tiles),
    signer: wrapped(ports.signer),
  };
}

/** Ports of which the n-th call of one stage throws, before or after it did its work; all later calls throw too. */
const crash = (stage: Stage, outcome: Outcome, nth: number) => (ports: LogPorts) => {
  let calls = 0;
  let isDead = false;
  return wrapStages(ports, (name, call) => async (...args) => {
    if (isDead) throw new Crash(name);
    if (name !== stage || ++calls !== nth) return call(...args);
    isDead = true;
    if (outcome === "failed but persisted") await call(...args);
    throw new Crash(name);
  });
};

async function appendUntilCrash(ports: LogPorts): Promise<LogEntryProof[]> {
  const acknowledged: LogEntryProof[] = [];
  const append = async (log: Log, name: string) => acknowledged.push(await log.append(utf8(name)));
  try {
    const log = await openLog(ports);
    for (let i = 0; i < 3; i++) await append(log, `single ${i}`);
    await Promise.allSettled(Array.from({ length: 260 }, (_, i) => append(log, `batch ${i}`)));
  } catch (error) {
    assert.ok(error instanceof Crash);
  }
  return acknowledged;
}

const checkpointOf = (note: string) => parseCheckpoint(parseNote(note).text);

export async function checkRecovered(
  log: Log,
  acknowledged: readonly LogEntryProof[],
  before: string | undefined,
) {
  for (const { index, entry } of acknowledged) assert.deepEqual((await log.prove(index)).entry, entry);
  for (const note of [before, ...acknowledged.map(({ checkpoint }) => checkpoint)]) {
    if (note === undefined) continue;
    const older = checkpointOf(note);
    const { hashes, checkpoint } = await log.proveConsistency(older.size);
    assert.equal(checkExtension(crypto, older, checkpointOf(checkpoint), hashes).kind, "allowed");
  }
}

/**
 * Registers a test for each stage of an append that fails, before or after it did its work: nothing acknowledged is
 * lost, and the log never forks. `open` gives a new, empty log's ports each time; `calls` says which call fails.
 */
export function testCrashes(name: string, open: () => Promise<LogPorts>, calls: readonly number[]): void {
  for (const stage of stages) {
    for (const outcome of outcomes) {
      void test(`${name} loses no acknowledged entry and never forks when ${stage} ${outcome}`, async () => {
        for (const nth of calls) await checkCrash(await open(), crash(stage, outcome, nth));
      });
    }
  }
}

async function checkCrash(ports: LogPorts, crash: (ports: LogPorts) => LogPorts) {
  const acknowledged = await appendUntilCrash(crash(ports));
  const before = await ports.store.findCheckpoint();
  const log = await openLog(ports);
  await checkRecovered(log, acknowledged, before);
  const next = await log.append(utf8("after the crash"));
  assert.equal(next.treeSize, next.index + 1, "nothing assigned is left unpublished");
  await checkRecovered(log, [...acknowledged, next], before);
}
