import type { OutputSummary } from "custody/runtime";

const headBytes = 32 * 1024;
const tailBytes = 32 * 1024;

/** Keeps the beginning and the end of an output, whatever its length, and counts the rest. */
export class OutputKeeper {
  readonly #head: Buffer[] = [];
  #headSize = 0;
  #tail: Buffer = Buffer.alloc(0);
  #total = 0;

  add(chunk: Buffer): void {
    this.#total += chunk.length;
    const head = chunk.subarray(0, headBytes - this.#headSize);
    this.#head.push(head);
    this.#headSize += head.length;
    const rest = chunk.subarray(head.length);
    if (rest.length > 0)
      this.#tail = Buffer.concat([this.#tail, rest.subarray(-tailBytes)]).subarray(-tailBytes);
  }

  get totalBytes(): number {
    return this.#total;
  }

  summary(): OutputSummary {
    return {
      head: Buffer.concat(this.#head).toString("utf8"),
      tail: this.#tail.toString("utf8"),
      totalBytes: this.#total,
    };
  }
}
