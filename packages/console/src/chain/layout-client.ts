import type { LayoutQuestion } from "./layout-question.ts";
import type { Place } from "./layout.ts";

export type Places = ReadonlyMap<string, Place>;

/** What a layout comes to. */
interface Told {
  readonly places: (places: Places) => void;
  readonly error: (error: Error) => void;
}

let idle: Worker | undefined;

/** Has the worker's program read, before there is anything to lay out. */
export function warmLayout(): void {
  idle ??= start();
}

/**
 * Lays out beside the page.
 *
 * @returns gives it up.
 */
export function layOutBeside(question: LayoutQuestion, told: Told): () => void {
  const worker = idle ?? start();
  idle = undefined;
  const ending = new AbortController();
  const end = (): void => {
    ending.abort();
    worker.terminate();
  };
  worker.addEventListener(
    "message",
    ({ data }: MessageEvent<Places>) => {
      ending.abort();
      if (idle) worker.terminate();
      else idle = worker;
      told.places(data);
    },
    { signal: ending.signal },
  );
  worker.addEventListener(
    "error",
    ({ message }) => {
      end();
      told.error(new Error(`the picture cannot be laid out: ${message}; look at it as a list`));
    },
    { signal: ending.signal },
  );
  worker.postMessage(question);
  return () => {
    if (!ending.signal.aborted) end();
  };
}

function start(): Worker {
  return new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module", name: "layout" });
}
