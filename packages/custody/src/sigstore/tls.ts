import type { Bytes } from "custody/ground";
import { CustodyError } from "custody/ground";

/** Reads the presentation language of TLS (RFC 5246 §4) to the last byte. Every read throws `sigstore/tls` at the end of the text. */
export class TlsReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Bytes {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw this.fault("the text ends too early");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  uint8(): number {
    return this.take(1)[0] ?? 0;
  }

  /** A vector whose length stands before it in two bytes. */
  vector16(): Bytes {
    return this.take(this.uint8() * 256 + this.uint8());
  }

  end(): void {
    if (!this.isDone) throw this.fault("bytes are left over");
  }

  fault(message: string): CustodyError<"sigstore/tls"> {
    return new CustodyError("sigstore/tls", `a certificate timestamp is malformed: ${message}`);
  }
}

export function uint16(value: number): Bytes {
  return new Uint8Array([value >> 8, value & 0xff]);
}

export function uint24(value: number): Bytes {
  return new Uint8Array([value >> 16, (value >> 8) & 0xff, value & 0xff]);
}
