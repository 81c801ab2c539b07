import type { HttpOutcome } from "custody/rego";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";

import type { NetworkLimits, NetworkOutcome, NetworkStart, NetworkTask, WireRequest } from "./protocol.ts";

const program = import.meta.filename.replace(/network(\.[jt]s)$/, "network-program$1");

/** How long the thread may take beyond its own limits until it is given up: it has to start, too. */
const graceMilliseconds = 10_000;

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly answered: Int32Array<SharedArrayBuffer>;
}

/** The network for callers that must wait: a thread does what is asynchronous, and the caller sleeps meanwhile. */
export class Network {
  readonly #limits: NetworkLimits;
  #thread: Thread | undefined;

  constructor(limits: NetworkLimits) {
    this.#limits = limits;
  }

  /** @throws Error for a name without addresses. */
  lookup(name: string): readonly string[] {
    const outcome = this.#ask({ kind: "lookup", name, limits: this.#limits });
    if (outcome.kind === "addresses") return outcome.addresses;
    throw new Error(outcome.kind === "error" ? outcome.message : "the network answered something else");
  }

  send(request: WireRequest): HttpOutcome {
    const outcome = this.#ask({ kind: "send", request, limits: this.#limits });
    if (outcome.kind === "outcome") return outcome.outcome;
    return { kind: "network", message: outcome.kind === "error" ? outcome.message : "no answer" };
  }

  #ask(task: NetworkTask): NetworkOutcome {
    const { port, answered } = (this.#thread ??= startThread());
    const before = Atomics.load(answered, 0);
    port.postMessage(task);
    Atomics.wait(answered, 0, before, task.limits.timeLimitMilliseconds + graceMilliseconds);
    const received = receiveMessageOnPort(port);
    return (received?.message as NetworkOutcome | undefined) ?? this.#giveUp();
  }

  /** A thread that is late may answer the wrong question next time: another takes its place. */
  #giveUp(): NetworkOutcome {
    void this.#thread?.worker.terminate();
    this.#thread = undefined;
    return { kind: "error", message: "the network did not answer in time" };
  }
}

function startThread(): Thread {
  const { port1, port2 } = new MessageChannel();
  const answered = new SharedArrayBuffer(4);
  const workerData: NetworkStart = { port: port2, answered };
  const worker = new Worker(program, { workerData, transferList: [port2], execArgv: [] });
  worker.unref();
  port1.unref();
  return { worker, port: port1, answered: new Int32Array(answered) };
}
