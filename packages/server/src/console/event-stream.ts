import type { ServerResponse } from "node:http";

/** One server-sent event (HTML §9.2); a client that comes again names the `id` that it heard last. */
export interface ServerSentEvent {
  readonly event: string;
  readonly id?: number;
  readonly data: unknown;
}

/** What keeps a stream open. */
export interface StreamLife {
  readonly heartbeatMilliseconds: number;
  /** Whether whoever opened it may still see it; asked at each heartbeat. A failure ends the stream as well as a no. */
  readonly maySee: () => Promise<boolean>;
}

const maxUnreadBytes = 4 * 1024 * 1024;
const comment = ":\n\n";

/** Server-sent events to one reader, for as long as it reads and may see them. */
export class EventStream {
  readonly #raw: ServerResponse;
  readonly #maySee: () => Promise<boolean>;
  #wasUnread = false;

  /** Begins the answer. The response must have its socket still: {@link isGone} is false. */
  constructor(raw: ServerResponse, { heartbeatMilliseconds, maySee }: StreamLife) {
    this.#raw = raw;
    this.#maySee = maySee;
    raw.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-accel-buffering": "no",
    });
    raw.write(comment);
    raw.on("drain", () => (this.#wasUnread = false));
    const beat = setInterval(() => this.#beat().catch(() => raw.destroy()), heartbeatMilliseconds);
    this.onClose(() => clearInterval(beat));
  }

  get isOpen(): boolean {
    return !this.#raw.writableEnded && !this.#raw.destroyed;
  }

  /** Sends, or does nothing when the stream has ended. */
  send({ event, id, data }: ServerSentEvent): void {
    if (!this.isOpen) return;
    const head = id === undefined ? "" : `id: ${id}\n`;
    this.#raw.write(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    // Who does not read is let go, and comes again after the event that it read last.
    if (this.#raw.writableLength > maxUnreadBytes) this.#raw.destroy();
  }

  /** Waits until what was sent is on its way to the reader, or the stream is closed. */
  async drained(): Promise<void> {
    const raw = this.#raw;
    if (!this.isOpen || !raw.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const settle = (): void => {
        raw.off("drain", settle).off("close", settle);
        resolve();
      };
      raw.on("drain", settle).on("close", settle);
    });
  }

  onClose(forget: () => void): void {
    this.#raw.once("close", forget);
  }

  /** Ends the answer behind what was sent. */
  end(): void {
    this.#raw.end();
  }

  // Who reads nothing between two heartbeats has gone, whatever the connection says.
  async #beat(): Promise<void> {
    const isUnread = this.#raw.writableLength > 0;
    if (isUnread && this.#wasUnread) this.#raw.destroy();
    this.#wasUnread = isUnread;
    if (!this.isOpen) return;
    if (!(await this.#maySee())) this.end();
    else if (this.isOpen) this.#raw.write(comment);
  }
}

/** Whether nobody is there to read an answer, as after a connection that closed early; `close` is not told any more then. */
export function isGone(raw: ServerResponse): boolean {
  return raw.destroyed || (raw.socket?.destroyed ?? true);
}
