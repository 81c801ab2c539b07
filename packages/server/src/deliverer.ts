import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { deliveryChannel, eventChannel } from "@custody/node/control-store";
import type { EventStore, NumberedEvent } from "@custody/node/control-store";
import { fileFault, hasErrno } from "@custody/node/files";
import type { GitRepositories, ReceivedCommit } from "@custody/node/git";
import type { Database } from "@custody/node/postgres";
import { carry, isEnded, isPassing, Keeper, leaseSeconds } from "custody/control";
import type { ControlPorts, Delivery } from "custody/control";
import { CustodyError } from "custody/ground";
import type { Logger } from "pino";

import { EventTeller } from "./event-teller.ts";

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
  /** Breaks off what takes long: steps, workloads, builds of stemcells. Nothing can be started after. */
  abort(): Promise<void>;
}

const maxBundleBytes = 2 * 1024 * 1024 * 1024;
const minimumFreeBytes = 256 * 1024 * 1024;
const idlePauseMilliseconds = 2_000;
const keepPauseMilliseconds = 1_000;
const renewMilliseconds = (leaseSeconds * 1000) / 3;
const retryPauseMilliseconds = 1_000;
const shortestPutOffSeconds = 1;

/**
 * Takes deliveries in and carries them, one at a time in this process. What is taken in is a row before it is
 * answered; a restart goes on with the rows it finds. Beside that, it has what should run kept running.
 */
export class Deliverer {
  readonly keeper: Keeper;
  readonly #ports: DelivererPorts;
  #wake: () => void = () => undefined;
  #stopped = false;
  readonly #stopping = new AbortController();
  #loops: readonly Promise<void>[] = [];
  #unlisten: (() => Promise<void>)[] = [];
  readonly #watchers = new Set<(delivery: string | undefined) => void>();
  readonly #tellers = new Map<string, EventTeller>();
  readonly #putOff = new Map<string, number>();
  readonly #held = new Map<string, { readonly epoch: number; readonly seconds: number }>();

  constructor(ports: DelivererPorts) {
    this.#ports = ports;
    this.keeper = new Keeper(ports.control);
  }

  /** Frees what a dead server of this directory held, before anyone is answered. */
  async takeOver(): Promise<void> {
    const { control, owner } = this.#ports;
    await control.deliveries.release(owner);
    await this.keeper.takeOver();
  }

  /** Begins to carry and to keep running. */
  async start(): Promise<void> {
    const { database } = this.#ports;
    this.#unlisten = [
      await database.listen(deliveryChannel, () => this.#wake()),
      await database.listen(eventChannel, (delivery) => this.#notify(delivery)),
    ];
    this.#loops = [this.#carryAll(), this.#keepAll()];
  }

  /** Breaks off the hand-off under way, which the next start does again, and ends what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopping.abort();
    this.#wake();
    this.#notify(undefined);
    await this.keeper.stopAll();
    await this.#ports.abort();
    await Promise.all(this.#loops);
    await Promise.all(this.#unlisten.map((unlisten) => unlisten()));
  }

  /** Takes in the one commit that a git bundle's reference names. */
  async deliverBundle(repository: string, content: AsyncIterable<Uint8Array>): Promise<Delivery> {
    const { incoming, repositories } = this.#ports;
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    await demandSpace(incoming);
    const path = join(incoming, `${randomUUID()}.bundle`);
    try {
      const file = createWriteStream(path, { mode: 0o600, flags: "wx" });
      await pipeline(Readable.from(bounded(content)), file).catch((error: unknown) => {
        throw hasErrno(error, "ENOSPC", "EDQUOT") ? fileFault(error, incoming) : error;
      });
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
    if (found.length > 0 || waitSeconds === 0 || !current) return found;
    // The last event comes right after the row that says that it has ended.
    if (isEnded(current.phase)) await this.#tellers.get(delivery)?.told();
    else await changed;
    return this.#ports.events.listAfter(delivery, after);
  }

  async #accept(repository: string, { commit, ref }: ReceivedCommit): Promise<Delivery> {
    return this.#ports.control.deliveries.create({ id: randomUUID(), repository, commit, ref });
  }

  async #carryAll(): Promise<void> {
    const { control, owner, log } = this.#ports;
    while (!this.#stopped) {
      try {
        await this.#freeHeld();
        const claimed = await control.deliveries.claim(owner, leaseSeconds);
        if (claimed) await this.#carryOne(claimed);
        else await this.#pause(idlePauseMilliseconds);
      } catch (error) {
        if (!this.#stopped) log.error({ error }, "deliveries wait");
        await this.#pause(retryPauseMilliseconds);
      }
    }
  }

  async #keepAll(): Promise<void> {
    while (!this.#stopped) {
      await this.keeper.reconcileAll().catch((error: unknown) => {
        if (!isPassing(error)) this.#ports.log.error({ error }, "workloads wait");
      });
      await sleep(keepPauseMilliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  async #carryOne(claimed: Delivery): Promise<void> {
    const { control, events, log } = this.#ports;
    const renewing = setInterval(() => {
      control.deliveries
        .renew(claimed.id, claimed.epoch, leaseSeconds)
        .catch((error: unknown) => log.warn({ error }, "lease not renewed"));
    }, renewMilliseconds);
    const teller = new EventTeller(events, (error) => log.warn({ error }, "event not kept"));
    this.#tellers.set(claimed.id, teller);
    try {
      const ended = await carry(control, this.keeper, claimed, {
        listen: (event) => teller.tell(event),
        isStopping: () => this.#stopped,
      });
      this.#putOff.delete(claimed.id);
      log.info({ delivery: ended.id, phase: ended.phase, reasons: ended.state.reasons }, "delivery ended");
    } catch (error) {
      if (!this.#stopped) await this.#putOffOne(claimed, teller, error);
    } finally {
      clearInterval(renewing);
      await teller.told();
      this.#tellers.delete(claimed.id);
      this.#notify(claimed.id);
    }
  }

  // It is claimed again when its lease has run out; each time in a row it waits twice as long.
  async #putOffOne({ id, epoch }: Delivery, teller: EventTeller, error: unknown): Promise<void> {
    const { control, log } = this.#ports;
    const seconds = Math.min(this.#putOff.get(id) ?? shortestPutOffSeconds, leaseSeconds);
    this.#putOff.set(id, seconds * 2);
    log.error({ error, delivery: id }, "a delivery was put off");
    const { phase } = (await control.deliveries.find(id).catch(() => undefined)) ?? {};
    const why = error instanceof CustodyError ? `${error.code}: ${error.message}` : String(error);
    const message = `put off, tried again in ${seconds} s: ${why}`;
    if (phase) teller.tell({ delivery: id, phase, kind: "progress", message, at: control.clock.now() });
    this.#held.set(id, { epoch, seconds });
    await this.#freeHeld();
  }

  // Where the database was the trouble, the lease is shortened as soon as there is one again.
  async #freeHeld(): Promise<void> {
    for (const [id, { epoch, seconds }] of this.#held) {
      await this.#ports.control.deliveries.renew(id, epoch, seconds);
      this.#held.delete(id);
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
    for (const watcher of this.#watchers) watcher(delivery);
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
