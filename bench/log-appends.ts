import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { logMigrations, openSequenceRows, openTileFiles, openWitnessedRow } from "@custody/node/log-store";
import type { Database } from "@custody/node/postgres";
import { openHttpWitnesses } from "@custody/node/witness-client";
import { utf8 } from "custody/ground";
import { memorySequenceStore, memoryTileStore, openLog, openWitnessedLog } from "custody/log";
import type { Log, LogPorts, WitnessedLogPorts } from "custody/log";
import { formatVerifierKey, noteKeyOf, parseWitnessPolicy } from "custody/note";
import type { WitnessPolicy } from "custody/note";

import { startTestDatabase } from "../packages/node/src/postgres/postgres.testing.ts";
import { LiveWitness } from "../tests/witness.testing.ts";
import type { Benchmark, Figure } from "./measure.ts";
import { medianOf } from "./measure.ts";

const entryBytes = 1500;
const singles = 200;
const batch = 512;
const batches = 8;

/**
 * Appends a second: one after the other, and 512 at once; in memory, durably in PostgreSQL and files, and with 1 and 3
 * witnesses, each a process of its own with its own durable record.
 */
export const logAppends: Benchmark = {
  name: "append",
  async run(say) {
    const memory = { store: memorySequenceStore(), tiles: memoryTileStore() };
    const figures = [...(await measureLog("in memory", memory))];
    const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
    const { database, stop } = await startTestDatabase(logMigrations);
    try {
      say("PostgreSQL is up");
      for (const witnesses of [0, 1, 3]) {
        say(`${witnesses} witnesses`);
        figures.push(...(await measureDurable(database, join(folder, String(witnesses)), witnesses)));
      }
      return figures;
    } finally {
      await stop();
      await rm(folder, { recursive: true });
    }
  },
};

const signer = await generateSigner("ed25519");

async function measureDurable(database: Database, folder: string, count: number): Promise<Figure[]> {
  const origin = `bench.example/${count}`;
  const durable = {
    store: await openSequenceRows(database, origin),
    tiles: openTileFiles(join(folder, "log")),
    origin,
  };
  if (count === 0) return measureLog("PostgreSQL and files", durable);
  const processes = await startWitnesses(folder, origin, count);
  try {
    const witnesses = openHttpWitnesses({ crypto: nodeCrypto, policy: policyOf(processes) });
    const witnessed = await openWitnessedRow(database, origin);
    return await measureLog(`PostgreSQL and files, cosigned by ${count}`, {
      ...durable,
      witnesses,
      witnessed,
    });
  } finally {
    for (const witness of processes) await witness.kill();
  }
}

async function startWitnesses(folder: string, origin: string, count: number): Promise<LiveWitness[]> {
  const logs = join(folder, "logs");
  await mkdir(folder, { recursive: true });
  await writeFile(logs, `${formatVerifierKey(noteKeyOf(nodeCrypto, origin, signer))}\n`);
  const names = Array.from({ length: count }, (_, i) => `w${i}.example`);
  return Promise.all(names.map((name) => LiveWitness.start(join(folder, name), name, logs)));
}

/** Every witness must cosign, with its Ed25519 key. */
function policyOf(witnesses: readonly LiveWitness[]): WitnessPolicy {
  const lines = witnesses.map(({ vkeys, url }, i) => `witness w${i} ${vkeys[0]} ${url}\n`).join("");
  const names = witnesses.map((_, i) => `w${i}`).join(" ");
  return parseWitnessPolicy(nodeCrypto, utf8(`${lines}group all all ${names}\nquorum all\n`));
}

type Stores = Pick<LogPorts, "store" | "tiles"> & Partial<WitnessedLogPorts>;

async function measureLog(where: string, stores: Stores): Promise<Figure[]> {
  const { witnesses, witnessed } = stores;
  const ports = { origin: "bench.example/log", ...stores, signer, crypto: nodeCrypto };
  const log =
    witnesses && witnessed
      ? await openWitnessedLog({ ...ports, witnesses, witnessed })
      : await openLog(ports);
  await appendMany(log, batch);
  const one = await medianTime(singles, () => appendMany(log, 1));
  const many = await medianTime(batches, () => appendMany(log, batch));
  await log.close();
  const beside = `${where}; entries of ${entryBytes} bytes`;
  return [
    { what: "log appends, one at a time", value: 1000 / one, unit: "/s", beside },
    { what: "log append until its proof is there", value: one, unit: "ms", beside },
    { what: `log appends, ${batch} at once`, value: (1000 * batch) / many, unit: "/s", beside },
  ];
}

async function appendMany(log: Log, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => log.append(new Uint8Array(randomBytes(entryBytes)))));
}

async function medianTime(rounds: number, work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return medianOf(times);
}
