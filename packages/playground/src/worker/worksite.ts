import type { Worksite } from "./foreman.ts";
import type { WorkerMessage } from "./messages.ts";

/** The worker's program as text, put here by the build: the page is one file. */
declare const workerProgram: string;

/** Starts a worker out of the page itself. */
export function openWorksite(hear: (message: WorkerMessage) => void): Worksite {
  const url = URL.createObjectURL(new Blob([workerProgram], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "rego" });
  worker.addEventListener("message", ({ data }: MessageEvent<WorkerMessage>) => hear(data));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    hear({ kind: "broken", message: event.message || "the worker could not be started" });
  });
  return {
    ask: (request) => worker.postMessage(request),
    end: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
