/** Lets through so many a second, and as many at once. */
export class RateLimit {
  readonly #perSecond: number;
  #left: number;
  #since = performance.now();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = Math.max(1, perSecond);
  }

  /** True where one more may go now. */
  takes(): boolean {
    const now = performance.now();
    const most = Math.max(1, this.#perSecond);
    this.#left = Math.min(most, this.#left + ((now - this.#since) / 1000) * this.#perSecond);
    this.#since = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
