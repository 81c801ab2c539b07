import { setTimeout as sleep } from "node:timers/promises";

import { CustodyError } from "custody/ground";

import { ensureCluster } from "./cluster.ts";
import { awaitOrphan } from "./orphan.ts";
import { preparePlaces, removeSocketFolder } from "./places.ts";
import type { Places } from "./places.ts";
import { connectionOf, startPostmaster } from "./postmaster.ts";
import type { Connection, Postmaster } from "./postmaster.ts";

export interface PostgresOptions {
  /** Absolute path; made if missing. Everything of this PostgreSQL is below it. The caller holds its lock. */
  readonly directory: string;
}

/** A PostgreSQL that runs as long as this process does, and is started again when it ends by itself. */
export interface EmbeddedPostgres {
  readonly connection: Connection;
  /** Of the process that runs now. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * PostgreSQL 18 on the files below a directory, made on first use: checksums and fsync on, reachable only over a
 * Unix socket and only by this process's user. As root it runs as a user of its own. It outlives neither this process
 * nor a crash of it, and what it has committed outlives both.
 *
 * @throws CustodyError `postgres/start`, `postgres/version`, `postgres/no-binaries`, `files/…`.
 */
export async function startPostgres({ directory }: PostgresOptions): Promise<EmbeddedPostgres> {
  const places = await preparePlaces(directory);
  await ensureCluster(places);
  const supervisor = new Supervisor(places, await startWithPatience(places));
  return {
    connection: connectionOf(places),
    get pid() {
      return supervisor.pid;
    },
    stop: () => supervisor.stop(),
  };
}

const attempts = 6;
const firstPauseMilliseconds = 250;
const retryMilliseconds = 2_000;

// Right after a kill, PostgreSQL's other processes may still hold its shared memory for a moment: then it refuses.
async function startWithPatience(places: Places): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    try {
      await awaitOrphan(places);
      return await startPostmaster(places);
    } catch (error) {
      if (attempt === attempts || !isHeldByLeftovers(error)) throw error;
      await sleep(firstPauseMilliseconds * 2 ** (attempt - 1));
    }
  }
}

function isHeldByLeftovers(error: unknown): boolean {
  const output = error instanceof CustodyError ? error.details?.["output"] : undefined;
  return Array.isArray(output) && /shared memory block|lock file/.test(output.join("\n"));
}

class Supervisor {
  readonly #places: Places;
  #current: Postmaster;
  readonly #stopping = new AbortController();
  #watch: Promise<void>;

  constructor(places: Places, first: Postmaster) {
    this.#places = places;
    this.#current = first;
    this.#watch = this.#keepRunning();
  }

  get pid(): number {
    return this.#current.pid;
  }

  // While it cannot be brought back (the disk is full, say), connections fail with `postgres/unavailable`: nothing is
  // decided on it, and it is tried again and again.
  async #keepRunning(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#current.ended;
      if (this.#stopping.signal.aborted) return;
      const next = await startWithPatience(this.#places).catch(() => undefined);
      if (next) this.#current = next;
      else
        await sleep(retryMilliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) await next?.stop();
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#current.stop();
    await this.#watch;
    await removeSocketFolder(this.#places);
  }
}
