import type { Evaluated, Workspace } from "@custody/playground/desk";
import { Foreman } from "@custody/playground/foreman";
import type { Ending } from "@custody/playground/foreman";
import type { WorkerMessage } from "@custody/playground/messages";

/* Policies are evaluated in a worker of their own, which is ended when one takes too long. */

const foreman = new Foreman({
  open: (hear) => {
    const worker = new Worker(new URL("./desk-worker.ts", import.meta.url), { type: "module", name: "rego" });
    worker.addEventListener("message", ({ data }: MessageEvent<WorkerMessage>) => hear(data));
    worker.addEventListener("error", ({ message }) => hear({ kind: "broken", message }));
    return { ask: (request) => worker.postMessage(request), end: () => worker.terminate() };
  },
  later: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
});

let last: Promise<unknown> = Promise.resolve();

/** What an evaluation in this browser came to, or why it came to nothing; one after the other. */
export async function evaluateHere(workspace: Workspace): Promise<Evaluated> {
  // The foreman has a newer question take the place of an older one: here every one is to be answered.
  const asked = last.then(() => foreman.ask({ kind: "evaluate", workspace }));
  last = asked.catch(() => undefined);
  const ending = await asked;
  if (ending.kind === "report" && ending.report.kind === "evaluated") return ending.report;
  throw new Error(sentenceOf(ending));
}

function sentenceOf(ending: Ending): string {
  switch (ending.kind) {
    case "late":
      return "the policy took too long, and was ended";
    case "superseded":
      return "a newer evaluation has taken its place";
    case "broken":
      return ending.message;
    default:
      return "the worker answered something else";
  }
}

/** A gate's policy and the facts it is asked about, as the playground has them. */
export function workspaceOf(policy: string, query: string, facts: unknown): Workspace {
  return { policy, tests: "", data: "", query, input: JSON.stringify(facts, undefined, 2) };
}
