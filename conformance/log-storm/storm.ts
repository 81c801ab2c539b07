import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { openTileClient } from "@custody/node/tile-client";

import { eventually, LiveServer, makeFolder, makeServerDirectory } from "../../tests/live.testing.ts";
import { makeRequestSigner, RekorLoad } from "../../tests/rekor-load.testing.ts";
import { readLogKey, StormWitness } from "./witness.ts";

export interface StormOptions {
  /** How many entries are to be acknowledged. */
  readonly appends: number;
  readonly kills: number;
  /** Clients, each with one request on its way. */
  readonly clients: number;
  readonly say: (line: string) => void;
}

export interface StormOutcome {
  readonly acknowledged: number;
  /** What the log holds in the end: entries whose answer was lost with the server are in it too. */
  readonly size: number;
  readonly kills: number;
  /** Requests that broke off, or were refused by a server that came up. */
  readonly broken: number;
  /** Different checkpoints that clients were shown. */
  readonly checkpoints: number;
  readonly seconds: number;
}

/**
 * Appends over HTTP to `custody up`, which is killed with -9 and started again all the while; then verifies the log from
 * entry 0 on, and holds it against every answer and every checkpoint that the clients were given.
 *
 * @throws Error naming the first entry that is lost or moved, or the first checkpoint that the log does not extend.
 */
export async function runStorm(options: StormOptions): Promise<StormOutcome> {
  const folder = await makeFolder("storm");
  const storm = await Storm.start(await makeServerDirectory(join(folder, "custody")), options);
  try {
    return await storm.run();
  } finally {
    await storm.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const pauseMilliseconds = 50;

class Storm {
  readonly #options: StormOptions;
  readonly #witness: StormWitness;
  readonly #sign = makeRequestSigner("dsse");
  readonly #load: RekorLoad;
  #server: LiveServer;
  #next = 0;
  #broken = 0;
  #kills = 0;
  #failure: unknown;

  private constructor(options: StormOptions, server: LiveServer, witness: StormWitness) {
    this.#options = options;
    this.#server = server;
    this.#witness = witness;
    this.#load = new RekorLoad(server.url, options.clients);
  }

  static async start(directory: string, options: StormOptions): Promise<Storm> {
    const server = await LiveServer.start(directory, "--listen", `127.0.0.1:${await findPort()}`);
    return new Storm(options, server, new StormWitness(await readLogKey(server.url)));
  }

  async run(): Promise<StormOutcome> {
    const start = performance.now();
    const clients = Array.from({ length: this.#options.clients }, () => this.#client());
    await Promise.all([this.#killAgainAndAgain(), ...clients]);
    if (this.#failure !== undefined) throw this.#failure;
    const seconds = (performance.now() - start) / 1000;
    this.#options.say("judging the log from entry 0 on");
    const size = await this.#witness.judge(openTileClient(`${this.#server.url}/log`));
    const { acknowledged, checkpoints } = this.#witness;
    return { acknowledged, size, kills: this.#kills, broken: this.#broken, checkpoints, seconds };
  }

  async stop(): Promise<void> {
    this.#load.close();
    await this.#server.stop();
  }

  get #isOver(): boolean {
    return this.#failure !== undefined || this.#witness.acknowledged >= this.#options.appends;
  }

  // What broke off is asked for again; that the server was killed says nothing about the entry.
  async #client(): Promise<void> {
    while (!this.#isOver) {
      const request = this.#sign(`entry ${this.#next++}`);
      const answer = await this.#load.post(request).catch(() => undefined);
      if (answer === undefined) {
        this.#broken++;
        await sleep(pauseMilliseconds);
      } else {
        await this.#witness.remember(request, answer).catch((error: unknown) => (this.#failure ??= error));
      }
    }
  }

  /** At even distances on the way, while requests are under way. */
  async #killAgainAndAgain(): Promise<void> {
    const { kills, appends, say } = this.#options;
    for (let kill = 1; kill <= kills && this.#failure === undefined; kill++) {
      const goal = (appends * kill) / (kills + 1);
      while (this.#failure === undefined && this.#witness.acknowledged < goal) await sleep(1);
      await this.#killOnce();
      say(`killed ${kill} times, ${this.#witness.acknowledged} entries acknowledged`);
    }
  }

  async #killOnce(): Promise<void> {
    const { directory, url } = this.#server;
    await this.#server.kill();
    this.#kills++;
    const again = async (): Promise<LiveServer | undefined> =>
      LiveServer.start(directory, "--listen", new URL(url).host).catch(() => undefined);
    this.#server = await eventually("a server that starts again", 60, again);
  }
}

async function findPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
