import { lookup } from "node:dns/promises";
import { workerData } from "node:worker_threads";

import { exchange } from "./exchange.ts";
import type { NetworkOutcome, NetworkStart, NetworkTask } from "./protocol.ts";

/*
 * The thread of the network (`network.ts`): one task after the other, an answer to each. The flag is raised behind the
 * answer, so that who wakes up finds it.
 */
const { port, answered } = workerData as NetworkStart;
const count = new Int32Array(answered);

port.on("message", (task: NetworkTask) => {
  void answer(task);
});

async function answer(task: NetworkTask): Promise<void> {
  port.postMessage(await perform(task));
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
}

async function perform(task: NetworkTask): Promise<NetworkOutcome> {
  try {
    if (task.kind === "send") return { kind: "outcome", outcome: await exchange(task.request, task.limits) };
    const found = await lookup(task.name, { all: true });
    return { kind: "addresses", addresses: found.map(({ address }) => address) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isUnknown = task.kind === "lookup" && code === "ENOTFOUND";
    return { kind: "error", message: isUnknown ? `lookup ${task.name}: no such host` : message };
  }
}
