import { answer } from "../desk/answer.ts";
import type { DeskRequest } from "../desk/index.ts";
import type { WorkerMessage } from "./messages.ts";

// The page's one worker: whatever takes long happens here, so that the page can end it.

const clocks = { elapsed: () => performance.now(), now: () => Date.now() };

function say(message: WorkerMessage): void {
  self.postMessage(message);
}

self.addEventListener("message", ({ data }: MessageEvent<DeskRequest>) => {
  try {
    say({ kind: "report", report: answer(data, clocks) });
  } catch (error) {
    say({ kind: "broken", message: error instanceof Error ? error.message : String(error) });
  }
});

say({ kind: "ready" });
