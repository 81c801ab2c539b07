import type { Bytes } from "./bytes.ts";
import { CustodyError } from "./faults.ts";

/** One DER value as it stood in the text: views into the bytes it was read from. */
export interface DerValue {
  readonly tag: number;
  readonly content: Bytes;
  /** Tag, length and content: what a signature over the value covers. */
  readonly whole: Bytes;
}

/** Tags of ASN.1 universal types in DER (X.690 §8.1.2), and of SEQUENCE and SET with their constructed bit. */
export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const maxLengthBytes = 4;

/**
 * Reads DER values one after another (X.690 §8.1, §10.1): definite lengths in their shortest form, tags of one byte.
 * What BER also allows is refused, so that two readers cannot see two things in one text.
 *
 * Every read throws CustodyError `der/malformed` when the text holds something else.
 */
export class DerReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** Whether all was read. */
  get isDone(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The next value, whatever it is. */
  next(): DerValue {
    const start = this.#at;
    const tag = this.#byte();
    if ((tag & 0x1f) === 0x1f) throw derFault("a tag is longer than one byte");
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw derFault("a value is longer than the text");
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { tag, content, whole: this.#bytes.subarray(start, end) };
  }

  /** The next value, which must have that tag. */
  read(tag: number): DerValue {
    const value = this.next();
    if (value.tag !== tag) throw derFault(`tag ${tag} was expected, not ${value.tag}`);
    return value;
  }

  /** The next value if it has that tag: a component that is OPTIONAL or has a DEFAULT. */
  find(tag: number): DerValue | undefined {
    return this.#bytes[this.#at] === tag ? this.next() : undefined;
  }

  /** A reader of the content of the next value, which must have that tag. */
  enter(tag: number): DerReader {
    return new DerReader(this.read(tag).content);
  }

  /** All values that are left. */
  rest(): DerValue[] {
    const values: DerValue[] = [];
    while (!this.isDone) values.push(this.next());
    return values;
  }

  /** Demands that nothing is left: bytes behind the end would be seen by one reader and not by another. */
  end(): void {
    if (!this.isDone) throw derFault("bytes are left over");
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw derFault("the text ends too early");
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > maxLengthBytes) throw derFault("a length is indefinite or too large");
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte();
    if (length < 0x80 || length < 256 ** (count - 1)) throw derFault("a length is not in its shortest form");
    return length;
  }
}

/** A reader of a text that is one value of that tag and nothing else. */
export function readDer(bytes: Bytes, tag: number): DerReader {
  const outer = new DerReader(bytes);
  const inner = outer.enter(tag);
  outer.end();
  return inner;
}

export function derFault(message: string): CustodyError<"der/malformed"> {
  return new CustodyError("der/malformed", `not DER: ${message}`);
}
