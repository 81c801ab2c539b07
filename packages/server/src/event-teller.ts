import type { EventStore } from "@custody/node/control-store";
import type { DeliveryEvent } from "custody/control";

const maxMessageLength = 4000;
const maxProgressEvents = 2000;
const tooMuch = "… more is not shown";

/**
 * Keeps the events of one delivery in their order, one write after the other. Progress that comes faster than it can be
 * written goes together, its beginning cut off where it is too much: a step that floods its output fills no table.
 */
export class EventTeller {
  readonly #events: EventStore;
  readonly #onLost: (error: unknown) => void;
  #waiting: DeliveryEvent[] = [];
  #writing: Promise<void> | undefined;
  #progressCount = 0;

  constructor(events: EventStore, onLost: (error: unknown) => void) {
    this.#events = events;
    this.#onLost = onLost;
  }

  tell(event: DeliveryEvent): void {
    const last = this.#waiting.at(-1);
    if (event.kind === "progress" && last?.kind === "progress" && last.phase === event.phase) {
      const message = `${last.message}\n${event.message}`.slice(-maxMessageLength);
      this.#waiting.splice(-1, 1, { ...event, message });
    } else if (event.kind !== "progress" || this.#progressCount++ < maxProgressEvents) {
      this.#waiting.push(this.#progressCount === maxProgressEvents ? { ...event, message: tooMuch } : event);
    }
    if (this.#waiting.length > 0) this.#writing ??= this.#writeAll();
  }

  /** Resolves when everything told so far is kept, or lost. */
  async told(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (let event = this.#waiting.shift(); event; event = this.#waiting.shift()) {
      await this.#events.add(event).catch(this.#onLost);
    }
    this.#writing = undefined;
  }
}
