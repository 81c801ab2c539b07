import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { nodeCrypto, openKeyFile } from "@custody/node/crypto";
import type { Database } from "@custody/node/postgres";
import type { LogPorts } from "custody/log";

import { openSequenceRows, openTileFiles } from "./index.ts";

/** One log in PostgreSQL and files, that several processes have open. */
export interface SharedLog {
  readonly origin: string;
  readonly tiles: string;
  readonly key: string;
}

/** What a process was told of one entry: all that proves it, hashes in base64. */
export interface Acknowledged {
  readonly name: string;
  readonly index: number;
  readonly treeSize: number;
  readonly hashes: readonly string[];
  readonly checkpoint: string;
}

export async function openSharedPorts(database: Database, shared: SharedLog): Promise<LogPorts> {
  return {
    store: await openSequenceRows(database, shared.origin),
    tiles: openTileFiles(shared.tiles),
    signer: await openKeyFile(shared.key, "ed25519"),
    origin: shared.origin,
    crypto: nodeCrypto,
  };
}

// Sixteen entries wait at a time, so that batches of several processes meet.
const program = (shared: SharedLog, connection: object): string => `
  const { openLog } = await import(${JSON.stringify(import.meta.resolve("custody/log"))});
  const { openDatabase } = await import(${JSON.stringify(import.meta.resolve("@custody/node/postgres"))});
  const { openSharedPorts } = await import(${JSON.stringify(import.meta.url)});
  const database = openDatabase(${JSON.stringify(connection)});
  const log = await openLog(await openSharedPorts(database, ${JSON.stringify(shared)}));
  const base64 = (hash) => Buffer.from(hash).toString("base64");
  const append = async (name) => {
    const { index, treeSize, hashes, checkpoint } = await log.append(new TextEncoder().encode(name));
    console.log(JSON.stringify({ name, index, treeSize, hashes: hashes.map(base64), checkpoint }));
  };
  let count = 0;
  const client = async () => {
    for (;;) await append(process.pid + " " + count++);
  };
  await Promise.all(Array.from({ length: 16 }, client));`;

/** A process that appends until it is killed, and says what was acknowledged. */
export class Appender {
  readonly acknowledged: Acknowledged[] = [];
  readonly #child: ChildProcess;

  constructor(shared: SharedLog, connection: object) {
    const args = ["--input-type=module", "-e", program(shared, connection)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    createInterface({ input: child.stdout }).on("line", (line) => this.#hear(line));
    this.#child = child;
  }

  // A process that is killed while it writes leaves half a line: that nobody was told.
  #hear(line: string): void {
    if (line.endsWith("}")) this.acknowledged.push(JSON.parse(line) as Acknowledged);
  }

  /** Waits until it was told of so many entries. */
  async reach(count: number): Promise<void> {
    while (this.acknowledged.length < count) {
      assert.equal(this.#child.exitCode, null, "it ended by itself");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** kill -9; returns when all that it had said was read. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    if (this.#child.stdout?.closed !== true) await once(this.#child, "close");
  }
}
