import type { TraceEvent } from "../runtime/index.ts";
import { eventsOf } from "./filter.ts";
import type { ExplainMode } from "./filter.ts";

const eventsLimit = 200_000;

/** Collects the events of evaluations: `evaluate(input, { trace: log.add })`; more than so many are only counted. */
export class TraceLog {
  readonly events: TraceEvent[] = [];
  readonly #limit: number;
  #left = 0;

  constructor(limit = eventsLimit) {
    this.#limit = limit;
  }

  readonly add = (event: TraceEvent): void => {
    if (this.events.length < this.#limit) this.events.push(event);
    else this.#left++;
  };

  /** The events that a mode shows, and a note at their end where there were more than are kept. */
  shown(mode: ExplainMode): readonly TraceEvent[] {
    const last = this.events.at(-1);
    const shown = eventsOf(mode, this.events);
    if (this.#left === 0 || !last) return shown;
    return [...shown, { ...last, op: "Note", message: `… and ${this.#left} events more` }];
  }
}
