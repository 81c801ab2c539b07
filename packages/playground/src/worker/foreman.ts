import type { DeskReport, DeskRequest } from "../desk/index.ts";
import type { WorkerMessage } from "./messages.ts";

/** One worker, as the foreman uses it. */
export interface Worksite {
  readonly ask: (request: DeskRequest) => void;
  /** Ends the worker at once; it says nothing more. */
  readonly end: () => void;
}

/** The world of a {@link Foreman}. */
export interface ForemanPorts {
  /** Starts a worker; everything that it says goes to `hear`. */
  readonly open: (hear: (message: WorkerMessage) => void) => Worksite;
  /** Calls back after some time; what is returned takes that back. */
  readonly later: (milliseconds: number, call: () => void) => () => void;
}

/** How a request ended: with a report, at its deadline, replaced by a newer one of its kind, or with a bug of the page. */
export type Ending =
  | { readonly kind: "report"; readonly report: DeskReport }
  | { readonly kind: "late" }
  | { readonly kind: "superseded" }
  | { readonly kind: "broken"; readonly message: string };

export const deadlineMilliseconds = { evaluate: 3000, test: 15_000, format: 3000 } as const;
const startMilliseconds = 20_000;

interface Task {
  readonly request: DeskRequest;
  readonly finish: (ending: Ending) => void;
}

/**
 * Gives work to a worker, one piece at a time. A worker that does not answer in time is ended, and the next piece goes
 * to a new one; of pieces that wait, only the newest of a kind is done.
 */
export class Foreman {
  readonly #ports: ForemanPorts;
  #site: Worksite | undefined;
  #isReady = false;
  #current: Task | undefined;
  #waiting: Task[] = [];
  #cancelDeadline: () => void = () => undefined;

  constructor(ports: ForemanPorts) {
    this.#ports = ports;
  }

  ask(request: DeskRequest): Promise<Ending> {
    return new Promise((finish) => {
      const older = this.#waiting.filter((task) => task.request.kind === request.kind);
      this.#waiting = this.#waiting.filter((task) => task.request.kind !== request.kind);
      this.#waiting.push({ request, finish });
      for (const task of older) task.finish({ kind: "superseded" });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current) return;
    this.#current = this.#waiting.shift();
    if (!this.#current) return;
    if (this.#isReady) this.#send(this.#current);
    else this.#start();
  }

  #start(): void {
    // What a worker said before it was ended can still arrive after.
    const site = this.#ports.open((message) => {
      if (this.#site === site) this.#hear(message);
    });
    this.#site = site;
    this.#startDeadline(startMilliseconds, { kind: "broken", message: "the worker did not start" });
  }

  #send({ request }: Task): void {
    this.#site?.ask(request);
    this.#startDeadline(deadlineMilliseconds[request.kind], { kind: "late" });
  }

  #startDeadline(milliseconds: number, ending: Ending): void {
    this.#cancelDeadline = this.#ports.later(milliseconds, () => this.#abandon(ending));
  }

  #hear(message: WorkerMessage): void {
    this.#cancelDeadline();
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        if (this.#current) this.#send(this.#current);
        return;
      case "report":
        this.#finish(message);
        return;
      default:
        this.#abandon(message);
    }
  }

  /** Ends the worker with what it is at. */
  #abandon(ending: Ending): void {
    this.#site?.end();
    this.#site = undefined;
    this.#isReady = false;
    this.#finish(ending);
  }

  #finish(ending: Ending): void {
    const task = this.#current;
    this.#current = undefined;
    task?.finish(ending);
    this.#next();
  }
}
