import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generateSigner, nodeCrypto } from "@custody/node/crypto";
import { logMigrations, openSequenceRows, openTileFiles } from "@custody/node/log-store";
import { memorySequenceStore, memoryTileStore, openLog } from "custody/log";
import type { Log, LogPorts } from "custody/log";

import { startTestDatabase } from "../packages/node/src/postgres/postgres.testing.ts";
import type { Benchmark, Figure } from "./measure.ts";
import { medianOf } from "./measure.ts";

const entryBytes = 1500;
const singles = 200;
const batch = 512;
const batches = 8;

/** Appends a second: one after the other, and 512 at once; in memory, and durably in PostgreSQL and files. */
export const logAppends: Benchmark = {
  name: "append",
  async run(say) {
    const memory = { store: memorySequenceStore(), tiles: memoryTileStore() };
    const figures = await measureLog("in memory", memory);
    const folder = await mkdtemp(join(tmpdir(), "custody-bench-"));
    const { database, stop } = await startTestDatabase(logMigrations);
    try {
      say("PostgreSQL is up");
      const store = await openSequenceRows(database, origin);
      const durable = { store, tiles: openTileFiles(join(folder, "log")) };
      return [...figures, ...(await measureLog("PostgreSQL and files", durable))];
    } finally {
      await stop();
      await rm(folder, { recursive: true });
    }
  },
};

const origin = "bench.example/log";

async function measureLog(where: string, stores: Pick<LogPorts, "store" | "tiles">): Promise<Figure[]> {
  const log = await openLog({
    ...stores,
    signer: await generateSigner("ed25519"),
    origin,
    crypto: nodeCrypto,
  });
  await appendMany(log, batch);
  const one = await medianTime(singles, () => appendMany(log, 1));
  const many = await medianTime(batches, () => appendMany(log, batch));
  await log.close();
  const beside = `${where}; entries of ${entryBytes} bytes`;
  return [
    { what: "log appends, one at a time", value: 1000 / one, unit: "/s", beside },
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
