import { setTimeout as wait } from "node:timers/promises";

import { RateLimit } from "./rate-limit.ts";

/** Where lines go: a stream, a file, a service. Rejects when they were not taken. */
export type LineSink = (lines: readonly string[], signal: AbortSignal) => Promise<void>;

export interface LineBufferOptions {
  readonly sink: LineSink;
  /** How much may wait; the oldest lines go when there is more. */
  readonly sizeLimitBytes: number;
  /** How many lines go at once, and how many bytes; a longer line goes alone. */
  readonly batchLines: number;
  readonly batchBytes?: number;
  /** The pause before lines go: some time from the one to the other. Default: none. */
  readonly delay?: { readonly minMilliseconds: number; readonly maxMilliseconds: number };
  /** More lines in a second than this are dropped. */
  readonly linesPerSecond?: number;
  /** The longest pause after a sink that did not take its lines. */
  readonly retryMilliseconds: number;
  /** Told when the sink begins to fail, and when it takes lines again. */
  readonly changed?: () => void;
}

const firstRetryMilliseconds = 100;

/** Lines on their way to a slow place: bounded, in order, and counted when they are lost. */
export class LineBuffer {
  readonly #options: LineBufferOptions;
  readonly #stopped = new AbortController();
  /** Aborted where there is no time for pauses any more. */
  readonly #hurried = new AbortController();
  readonly #rate: RateLimit | undefined;
  #waiting: string[] = [];
  #bytes = 0;
  #dropped = 0;
  #written = 0;
  #lastError: string | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LineBufferOptions) {
    this.#options = options;
    this.#rate = options.linesPerSecond === undefined ? undefined : new RateLimit(options.linesPerSecond);
  }

  get state(): {
    readonly dropped: number;
    readonly written: number;
    readonly lastError: string | undefined;
  } {
    return { dropped: this.#dropped, written: this.#written, lastError: this.#lastError };
  }

  push(line: string): void {
    if (this.#rate && !this.#rate.takes()) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line);
    this.#bytes += Buffer.byteLength(line);
    while (this.#bytes > this.#options.sizeLimitBytes && this.#waiting.length > 0) this.#dropOldest();
    this.#running ??= this.#run();
  }

  /** Gives what waits a last time to the sink, and takes no longer than that allows. */
  async close(allowedMilliseconds: number): Promise<void> {
    this.#hurried.abort();
    const timer = setTimeout(() => this.#stopped.abort(), allowedMilliseconds);
    await this.#running;
    clearTimeout(timer);
    this.#dropped += this.#waiting.length;
    this.#waiting = [];
  }

  #dropOldest(): void {
    const line = this.#waiting.shift();
    if (line === undefined) return;
    this.#bytes -= Buffer.byteLength(line);
    this.#dropped++;
  }

  async #run(): Promise<void> {
    await this.#pause();
    let pause = firstRetryMilliseconds;
    while (this.#waiting.length > 0 && !this.#stopped.signal.aborted) {
      if (await this.#writeSome()) {
        pause = firstRetryMilliseconds;
        continue;
      }
      await wait(pause, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      pause = Math.min(pause * 2, this.#options.retryMilliseconds);
    }
    this.#running = undefined;
  }

  async #pause(): Promise<void> {
    const { delay } = this.#options;
    if (!delay) return;
    const { minMilliseconds: min, maxMilliseconds: max } = delay;
    const { signal } = this.#hurried;
    await wait(min + Math.random() * (max - min), undefined, { signal }).catch(() => undefined);
  }

  /** On their way the lines cannot be dropped; what the sink did not take waits again, before all others. */
  async #writeSome(): Promise<boolean> {
    const lines = this.#waiting.splice(0, this.#batchLength());
    try {
      await this.#options.sink(lines, this.#stopped.signal);
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : "unknown");
      this.#waiting.unshift(...lines);
      return false;
    }
    for (const line of lines) this.#bytes -= Buffer.byteLength(line);
    this.#written += lines.length;
    this.#tell(undefined);
    return true;
  }

  #batchLength(): number {
    const { batchLines, batchBytes = Infinity } = this.#options;
    let bytes = 0;
    const length = this.#waiting.findIndex((line, i) => {
      bytes += Buffer.byteLength(line);
      return i >= batchLines || (i > 0 && bytes > batchBytes);
    });
    return length < 0 ? batchLines : length;
  }

  #tell(error: string | undefined): void {
    const isNews = error !== this.#lastError;
    this.#lastError = error;
    if (isNews) this.#options.changed?.();
  }
}
