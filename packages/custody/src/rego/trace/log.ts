import type { TraceEvent } from "../runtime/index.ts";

const eventsLimit = 200_000;

/** Collects the events of evaluations: `evaluate(input, { trace: log.add })`; more than so many are only counted. */
export class TraceLog {
  readonly events: TraceEvent[] = [];
  #left = 0;

  readonly add = (event: TraceEvent): void => {
    if (this.events.length < eventsLimit) this.events.push(event);
    else this.#left++;
  };

  /** How many events there were past those that are kept. */
  get leftOut(): number {
    return this.#left;
  }
}
