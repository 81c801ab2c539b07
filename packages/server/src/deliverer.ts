import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { deliveryChannel, eventChannel } from "@custody/node/control-store";
import type { EventStore, NumberedEvent } from "@custody/node/control-store";
import type { GitRepositories, ReceivedCommit } from "@custody/node/git";
import type { Database } from "@custody/node/postgres";
import { carry, isEnded, Keeper, leaseSeconds } from "custody/control";
import type { ControlPorts, Delivery } from "custody/control";
import { CustodyError } from "custody/ground";
import type { Logger } from "pino";

/** What the deliverer acts through. */
export interface DelivererPorts {
  readonly control: ControlPorts;
  readonly events: EventStore;
  readonly repositories: GitRepositories;
  readonly database: Database;
  readonly log: Logger;
  /** Names this directory's server in every life of it; the directory's lock says that there is only one. */
  readonly owner: string;
  /** Where uploads lie until git has read them. */
  readonly incoming: string;
}

const maxBundleBytes = 2 * 1024 * 1024 * 1024;
const minimumFreeBytes = 256 * 1024 * 1024;
const idlePauseMilliseconds = 5_000;
const renewMilliseconds = (leaseSeconds * 1000) / 3;
const retryPauseMilliseconds = 1_000;

/**
 * Takes deliveries in and carries them, one at a time in this process. What is taken in is a row before it is
 * answered; a restart goes on with the rows it finds.
 */
export class Deliverer {
  readonly keeper: Keeper;
  readonly #ports: DelivererPorts;
  #wake: () => void = () => undefined;
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();
  #unlisten: (() => Promise<void>)[] = [];
  readonly #watchers = new Set<(delivery: string | undefined) => void>();

  constructor(ports: DelivererPorts) {
    this.#ports = ports;
    this.keeper = new Keeper(ports.control);
  }

  /** Starts what should run, and begins to carry. What a dead server of this directory held is free again. */
  async start(): Promise<void> {
    const { control, database, owner } = this.#ports;
    await control.deliveries.release(owner);
    this.#unlisten = [
      await database.listen(deliveryChannel, () => this.#wake()),
      await database.listen(eventChannel, (delivery) => this.#notify(delivery)),
    ];
    this.#loop = this.#carryAll();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    this.#notify(undefined);
    await this.#loop;
    await this.keeper.stopAll();
    await Promise.all(this.#unlisten.map((unlisten) => unlisten()));
  }

  /** Takes in the one commit that a git bundle's reference names. */
  async deliverBundle(repository: string, content: AsyncIterable<Uint8Array>): Promise<Delivery> {
    const { incoming, repositories } = this.#ports;
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    await demandSpace(incoming);
    const path = join(incoming, `${randomUUID()}.bundle`);
    try {
      await pipeline(Readable.from(bounded(content)), createWriteStream(path, { mode: 0o600, flags: "wx" }));
      return await this.#accept(repository, await repositories.receiveBundle(repository, path));
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Fetches a reference of a remote repository and takes its commit in. */
  async deliverUrl(
    repository: string,
    { url, ref }: { readonly url: string; readonly ref: string },
  ): Promise<Delivery> {
    return this.#accept(repository, await this.#ports.repositories.fetch(repository, url, ref));
  }

  /** Events after that number, at once or when the next one comes, at the latest after the wait. */
  async awaitEvents(delivery: string, after: number, waitSeconds: number): Promise<NumberedEvent[]> {
    const changed = this.#nextChange(delivery, waitSeconds * 1000);
    const found = await this.#ports.events.listAfter(delivery, after);
    const current = await this.#ports.control.deliveries.find(delivery);
    if (found.length > 0 || waitSeconds === 0 || !current || isEnded(current.phase)) return found;
    await changed;
    return this.#ports.events.listAfter(delivery, after);
  }

  async #accept(repository: string, { commit, ref }: ReceivedCommit): Promise<Delivery> {
    return this.#ports.control.deliveries.create({ id: randomUUID(), repository, commit, ref });
  }

  async #carryAll(): Promise<void> {
    await this.keeper
      .reconcileAll()
      .catch((error: unknown) => this.#ports.log.error({ error }, "workloads not restored"));
    while (!this.#stopped) {
      try {
        const claimed = await this.#ports.control.deliveries.claim(this.#ports.owner, leaseSeconds);
        if (claimed) await this.#carryOne(claimed);
        else await this.#pause(idlePauseMilliseconds);
      } catch (error) {
        this.#ports.log.error({ error }, "a delivery was put off");
        await this.#pause(retryPauseMilliseconds);
      }
    }
  }

  async #carryOne(claimed: Delivery): Promise<void> {
    const { control, events, log } = this.#ports;
    const renewing = setInterval(() => {
      control.deliveries
        .renew(claimed.id, claimed.epoch, leaseSeconds)
        .catch((error: unknown) => log.warn({ error }, "lease not renewed"));
    }, renewMilliseconds);
    try {
      const ended = await carry(control, this.keeper, claimed, (event) => {
        events.add(event).catch((error: unknown) => log.warn({ error }, "event not kept"));
      });
      log.info({ delivery: ended.id, phase: ended.phase, reasons: ended.state.reasons }, "delivery ended");
    } finally {
      clearInterval(renewing);
      this.#notify(claimed.id);
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#stopped) this.#wake();
    });
  }

  #nextChange(delivery: string, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        resolve();
      };
      const watcher = (changed: string | undefined): void => {
        if (changed === undefined || changed === delivery) done();
      };
      const timer = setTimeout(done, milliseconds);
      this.#watchers.add(watcher);
    });
  }

  #notify(delivery: string | undefined): void {
    for (const watcher of [...this.#watchers]) watcher(delivery);
  }
}

async function demandSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < minimumFreeBytes) {
    throw new CustodyError("files/disk-full", "less than 256 MiB are free where Custody keeps its data", {
      subject: directory,
      next: "free some space and deliver again; nothing was taken in",
    });
  }
}

async function* bounded(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = maxBundleBytes;
  for await (const chunk of content) {
    left -= chunk.length;
    if (left < 0)
      throw new CustodyError("api/too-large", `the bundle is larger than ${maxBundleBytes} bytes`);
    yield chunk;
  }
}
