import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

import { unpackBundle } from "@custody/node/rego-bundles";
import { nodeRegoCrypto } from "@custody/node/rego-host";
import { concatBytes, CustodyError } from "custody/ground";
import type { RegoVersion } from "custody/rego";
import { readBundle, readPatch, verifyBundle } from "custody/rego/bundle";
import type { BundleFiles, BundleKey, BundlePatch } from "custody/rego/bundle";
import type { RegoStore } from "custody/rego/store";

import { BundleStatus } from "./bundle-status.ts";

export interface BundleSource {
  readonly name: string;
  /** A URL, which is asked again and again, or a file, which is read once. */
  readonly place: string;
}

export interface BundleOptions {
  /** With a key, only bundles that it signed count. */
  readonly key?: BundleKey;
  readonly scope?: string;
  /** The pause between two requests. */
  readonly pollMilliseconds: number;
  /** The language of modules whose manifest does not say. Default `v1`. */
  readonly version?: RegoVersion;
  /** Of the archive, and ten times that unpacked. */
  readonly sizeLimitBytes: number;
}

const requestTimeoutMilliseconds = 60_000;
const firstRetryMilliseconds = 200;
const unpackedFactor = 10;
const deltas = "modes=snapshot,delta";

/** Keeps one bundle of a store as new as its source has it. */
export class BundlePoller {
  readonly status: BundleStatus;
  readonly #source: BundleSource;
  readonly #store: RegoStore;
  readonly #options: BundleOptions;
  readonly #stopped = new AbortController();
  #etag: string | undefined;
  #running: Promise<void> | undefined;

  constructor(source: BundleSource, store: RegoStore, options: BundleOptions) {
    this.#source = source;
    this.#store = store;
    this.#options = options;
    this.status = new BundleStatus(source.name);
  }

  /** Loads a file now, or begins to ask a URL. @throws what a file is refused for. */
  async start(): Promise<void> {
    const { place } = this.#source;
    if (isUrl(place)) this.#running = this.#poll();
    else await this.#activate(await readFile(place.replace(/^file:\/\//, "")));
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopped;
    let retry = firstRetryMilliseconds;
    while (!signal.aborted) {
      const isGood = await this.#tryOnce();
      retry = isGood ? firstRetryMilliseconds : Math.min(retry * 2, this.#options.pollMilliseconds);
      const pause = isGood ? this.#options.pollMilliseconds : retry;
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async #tryOnce(): Promise<boolean> {
    try {
      await this.#request();
      return true;
    } catch (error) {
      this.status.failed(error instanceof Error ? error.message : "unknown");
      return false;
    }
  }

  async #request(): Promise<void> {
    const { signal } = this.#stopped;
    const etag = this.#etag;
    const response = await fetch(this.#source.place, {
      // Changes are of use only where there is what they change.
      headers: etag === undefined ? { prefer: "modes=snapshot" } : { "if-none-match": etag, prefer: deltas },
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMilliseconds)]),
    });
    if (response.status === 304) {
      await response.body?.cancel();
      return this.status.succeeded();
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw bundleFault(`${this.#source.place} answered ${response.status}`);
    }
    await this.#activate(await this.#bodyOf(response));
    this.#etag = response.headers.get("etag") ?? undefined;
  }

  async #bodyOf(response: Response): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body ?? []) {
      size += part.length;
      if (size > this.#options.sizeLimitBytes) {
        throw bundleFault(`the bundle is larger than ${this.#options.sizeLimitBytes} bytes`);
      }
      parts.push(part);
    }
    return concatBytes(...parts);
  }

  /** All of it counts, or none. */
  async #activate(archive: Uint8Array): Promise<void> {
    const { key, scope, sizeLimitBytes, version = "v1" } = this.#options;
    const files = await unpackBundle(archive, sizeLimitBytes * unpackedFactor);
    if (key) verifyBundle(files, { key, crypto: nodeRegoCrypto, ...(scope !== undefined && { scope }) });
    this.status.succeeded(this.#put(files, version));
  }

  /** A bundle in the place of the one before, or the changes of a delta bundle to that; its revision. */
  #put(files: BundleFiles, version: RegoVersion): string {
    const patch = readPatch(files);
    if (patch) {
      this.#patch(patch);
      return patch.manifest.revision;
    }
    const bundle = readBundle(files, { version });
    this.#store.activate(this.#source.name, bundle);
    return bundle.manifest.revision;
  }

  /** Where the changes do not fit, the whole is asked for the next time. */
  #patch(patch: BundlePatch): void {
    try {
      this.#store.patchBundle(this.#source.name, patch);
    } catch (error) {
      this.#etag = undefined;
      throw error;
    }
  }
}

function isUrl(place: string): boolean {
  return /^https?:\/\//.test(place);
}

function bundleFault(message: string): CustodyError {
  return new CustodyError("server/bundle", message);
}
