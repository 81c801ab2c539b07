import { setTimeout as wait } from "node:timers/promises";

import { unpackBundle } from "@custody/node/rego-bundles";
import type { BundleFiles } from "custody/rego/bundle";

import type { BundleOrigin, Fetched } from "./bundle-origin.ts";
import type { BundleKind, BundleStatus } from "./bundle-status.ts";
import type { KeptArchive } from "./kept-archive.ts";

/** What was made of a bundle. */
export interface Used {
  readonly kind: BundleKind;
  readonly revision: string;
  /** What is to be known of it, though nothing failed. */
  readonly note?: string;
}

export interface DownloadPlan {
  readonly origin: BundleOrigin;
  readonly minMilliseconds: number;
  readonly maxMilliseconds: number;
  /** For how long a server may keep a request open that can. */
  readonly waitSeconds?: number;
  /** Of the archive, and ten times that unpacked. */
  readonly sizeLimitBytes: number;
  /** Where the last good archive is kept for the next start. */
  readonly kept?: KeptArchive;
  /** Takes the files of a bundle: all of it counts, or none. @throws what they are refused for. */
  readonly use: (files: BundleFiles) => Used;
}

const firstRetryMilliseconds = 200;
/** However short the pause is that somebody wants: the loop is none without one. */
const leastMilliseconds = 20;
const unpackedFactor = 10;

/** Keeps one bundle as new as its origin has it. */
export class Downloader {
  readonly status: BundleStatus;
  readonly #plan: DownloadPlan;
  readonly #stopped = new AbortController();
  #tag: string | undefined;
  #waits = false;
  #running: Promise<void> | undefined;

  constructor(plan: DownloadPlan, status: BundleStatus) {
    this.#plan = plan;
    this.status = status;
  }

  /** Gets it once. @throws why it is refused. */
  async once(): Promise<void> {
    await this.#request();
  }

  /** Begins to ask for it, again and again; before that, what was kept counts. */
  start(): void {
    this.#running = this.#recall().then(() => this.#poll());
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #recall(): Promise<void> {
    try {
      const archive = await this.#plan.kept?.read(this.#plan.sizeLimitBytes);
      if (archive) await this.#activate(archive);
    } catch (error) {
      this.status.failed(error);
    }
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopped;
    let retry = firstRetryMilliseconds;
    while (!signal.aborted) {
      const isGood = await this.#tryOnce();
      retry = isGood ? firstRetryMilliseconds : Math.min(retry * 2, this.#plan.maxMilliseconds);
      const pause = isGood ? this.#pause() : retry;
      await wait(Math.max(pause, leastMilliseconds), undefined, { signal }).catch(() => undefined);
    }
  }

  #pause(): number {
    const { minMilliseconds, maxMilliseconds, waitSeconds } = this.#plan;
    if (this.#waits && waitSeconds !== undefined) return 0;
    return minMilliseconds + Math.random() * (maxMilliseconds - minMilliseconds);
  }

  async #tryOnce(): Promise<boolean> {
    try {
      await this.#request();
      return true;
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.status.failed(error);
      return false;
    }
  }

  async #request(): Promise<void> {
    this.status.requested();
    const fetched = await this.#fetch();
    this.#waits = fetched.waits;
    if (fetched.kind === "same") return this.status.unchanged();
    this.status.downloaded(fetched.bytes.length);
    // Where it does not fit, the whole is asked for the next time.
    this.#tag = undefined;
    const used = await this.#activate(fetched.bytes);
    this.#tag = fetched.tag;
    if (used?.kind === "snapshot") await this.#plan.kept?.write(fetched.bytes);
  }

  #fetch(): Promise<Fetched> {
    const { origin, sizeLimitBytes, waitSeconds } = this.#plan;
    return origin.fetch({
      tag: this.#tag,
      sizeLimitBytes,
      waitSeconds: this.#waits ? waitSeconds : undefined,
      signal: this.#stopped.signal,
    });
  }

  /** What came too late, after the end, is not used. */
  async #activate(archive: Uint8Array): Promise<Used | undefined> {
    const files = await unpackBundle(archive, this.#plan.sizeLimitBytes * unpackedFactor);
    if (this.#stopped.signal.aborted) return undefined;
    const used = this.#plan.use(files);
    this.status.activated(used.kind, used.revision, used.note);
    return used;
  }
}
