import type { Bytes } from "custody/ground";

import { tarFault } from "./faults.ts";

export const blockBytes = 512;

/** Reads a byte stream in exact counts. */
export class BlockReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /**
   * Exactly `count` bytes, copied.
   *
   * @throws CustodyError `tar/truncated` when the stream ends before.
   */
  async read(count: number): Promise<Bytes> {
    const bytes = new Uint8Array(count);
    let at = 0;
    for await (const chunk of this.stream(count)) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  /** The next `count` bytes as they come; like {@link read}, but never held together. */
  async *stream(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      if (!(await this.#fill()))
        throw tarFault("tar/truncated", "the archive ends in the middle of an entry");
      const chunk = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(chunk.length);
      left -= chunk.length;
      yield chunk;
    }
  }

  /** What is left of the stream, as it comes. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while (await this.#fill()) {
      const chunk = this.#held;
      this.#held = chunk.subarray(chunk.length);
      yield chunk;
    }
  }

  /** Tells the source that no more will be read. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #fill(): Promise<boolean> {
    while (this.#held.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#held = next.value;
    }
    return true;
  }
}
