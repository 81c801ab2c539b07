import type { Readable } from "node:stream";

import type { OutputSummary } from "custody/runtime";

import { OutputKeeper } from "./output-keeper.ts";

export interface OutputWatchOptions {
  /** After this many bytes, `onFlood` is called, once. */
  readonly maxBytes: number;
  readonly onFlood: () => void;
  readonly onOutput?: (text: string) => void;
}

export interface OutputWatch {
  /** Resolves when the stream has ended; whoever could write is gone by then. */
  ended(): Promise<void>;
  summary(): OutputSummary;
}

/** Reads a sandbox's output as fast as it comes, so that nobody waits for us, and keeps what {@link OutputKeeper} keeps. */
export function watchOutput(stream: Readable, options: OutputWatchOptions): OutputWatch {
  const keeper = new OutputKeeper();
  const decoder = new TextDecoder();
  let flooded = false;
  const take = (chunk: Buffer): void => {
    keeper.add(chunk);
    if (!flooded) options.onOutput?.(decoder.decode(chunk, { stream: true }));
    if (flooded || keeper.totalBytes <= options.maxBytes) return;
    flooded = true;
    options.onFlood();
  };
  const end = endOf(stream.on("data", take));
  return { ended: () => end, summary: () => keeper.summary() };
}

function endOf(stream: Readable): Promise<void> {
  return new Promise((resolve) => stream.on("error", () => resolve()).once("close", resolve));
}
