import type { Bytes } from "custody/ground";
import { CustodyError } from "custody/ground";

/** Reads the strings, integers and bytes of the SSH wire encoding (RFC 4251 §5), never past the end. */
export class WireReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(count: number): Bytes {
    if (count > this.#bytes.length - this.#at) throw wireFault("it ends early");
    this.#at += count;
    return this.#bytes.slice(this.#at - count, this.#at);
  }

  uint32(): number {
    return new DataView(this.take(4).buffer).getUint32(0);
  }

  string(): Bytes {
    return this.take(this.uint32());
  }

  /** A string of printable ASCII: names of algorithms and namespaces. */
  text(): string {
    const text = String.fromCharCode(...this.string().slice(0, 1024));
    if (!/^[\x20-\x7e]*$/.test(text)) throw wireFault("a name holds other than printable ASCII");
    return text;
  }

  /** Refuses bytes that nobody read. */
  end(): void {
    if (!this.isAtEnd) throw wireFault("it has bytes left over");
  }
}

/** A length-prefixed string (RFC 4251 §5). */
export function wireString(content: Uint8Array): Bytes {
  const bytes = new Uint8Array(4 + content.length);
  new DataView(bytes.buffer).setUint32(0, content.length);
  bytes.set(content, 4);
  return bytes;
}

export function wireFault(message: string): CustodyError<"git/ssh-format"> {
  return new CustodyError("git/ssh-format", `not a well-formed SSH key or signature: ${message}`);
}
