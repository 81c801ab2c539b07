import type { Clock } from "custody/ground";

interface Troubled {
  readonly times: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const longestPauseSeconds = 300;

/** How often in a row each workload was in trouble, and how long it waits before it is tried again: 1, 2, 4 … 300 s. */
export class Patience {
  readonly #clock: Clock;
  readonly #troubled = new Map<string, Troubled>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one more trouble; answers with the pause in seconds. */
  take(name: string): number {
    const times = (this.#troubled.get(name)?.times ?? 0) + 1;
    const pauseSeconds = Math.min(2 ** Math.min(times - 1, 16), longestPauseSeconds);
    this.#troubled.set(name, { times, until: this.#clock.now() + pauseSeconds * 1000 });
    return pauseSeconds;
  }

  isOver(name: string): boolean {
    const troubled = this.#troubled.get(name);
    return troubled === undefined || this.#clock.now() >= troubled.until;
  }

  forget(name: string): void {
    this.#troubled.delete(name);
  }

  /** For people: undefined when there was no trouble. */
  describe(name: string): string | undefined {
    const times = this.#troubled.get(name)?.times;
    if (times === undefined) return undefined;
    return times === 1 ? "once in trouble" : `${times} times in trouble in a row`;
  }
}
