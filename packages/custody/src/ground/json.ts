import canonicalize from "canonicalize";

import type { Bytes } from "./bytes.ts";
import { parseUtf8, utf8 } from "./bytes.ts";
import { CustodyError } from "./faults.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface JsonLimits {
  readonly sizeBytes: number;
  readonly depth: number;
  /** How many values: objects, lists and what stands in them. Time and memory go with them more than with the size. */
  readonly values: number;
}

const defaultLimits: JsonLimits = { sizeBytes: 8 * 1024 * 1024, depth: 64, values: 1_000_000 };

type JsonFaultCode = "json/size" | "json/depth" | "json/values" | "json/syntax" | "json/duplicate-key";

/**
 * The value of a JSON text (RFC 8259), read strictly: valid UTF-8, no byte order mark, no duplicate keys, no
 * `__proto__`, bounded size, depth and number of values. Nothing is built of a text beyond the bounds. Two readers of an accepted text cannot disagree about it.
 *
 * @throws CustodyError `json/…`, or `bytes/utf8`.
 */
export function parseJson(source: Uint8Array | string, limits: Partial<JsonLimits> = {}): Json {
  const { sizeBytes, depth, values } = { ...defaultLimits, ...limits };
  if (source.length > sizeBytes) throw fault("json/size", `the JSON text is larger than ${sizeBytes} bytes`);
  const text = typeof source === "string" ? source : parseUtf8(source);
  new Scanner(text, depth, values).scan();
  return parseLoosely(text);
}

function parseLoosely(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new CustodyError<JsonFaultCode>("json/syntax", `not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** The canonical JSON bytes of a value (JCS, RFC 8785). */
export function canonicalJson(value: unknown): Bytes {
  const text = canonicalize(value);
  if (text === undefined) throw fault("json/syntax", "the value has no JSON form");
  return utf8(text);
}

// Finds what JSON.parse passes over in silence, and what would cost it too much. Whether the text is JSON, JSON.parse says after it.
class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #maxValues: number;
  readonly #keys: (Set<string> | undefined)[] = [];
  #values = 1;

  constructor(text: string, maxDepth: number, maxValues: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#maxValues = maxValues;
  }

  scan(): void {
    for (let at = 0; at < this.#text.length; at++) {
      switch (this.#text[at]) {
        case "{":
          this.#open(new Set());
          break;
        case "[":
          this.#open(undefined);
          break;
        case "}":
        case "]":
          this.#keys.pop();
          break;
        case ",":
          this.#count();
          break;
        case '"':
          at = this.#string(at);
          break;
      }
    }
  }

  #count(): void {
    if (++this.#values > this.#maxValues) {
      throw fault("json/values", `the JSON text holds more than ${this.#maxValues} values`);
    }
  }

  #open(keys: Set<string> | undefined): void {
    this.#count();
    this.#keys.push(keys);
    if (this.#keys.length > this.#maxDepth) {
      throw fault("json/depth", `the JSON text is nested deeper than ${this.#maxDepth}`);
    }
  }

  #string(start: number): number {
    const end = this.#endOfString(start);
    const keys = this.#keys.at(-1);
    if (keys && this.#isKey(end + 1))
      this.#addKey(keys, parseLoosely(this.#text.slice(start, end + 1)) as string);
    return end;
  }

  // Long strings are passed over in one go: most of a bundle is base64.
  #endOfString(start: number): number {
    let end = start;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end < 0) return this.#text.length;
    } while (this.#isEscaped(end));
    return end;
  }

  #isEscaped(at: number): boolean {
    let first = at;
    while (this.#text[first - 1] === "\\") first--;
    return (at - first) % 2 === 1;
  }

  #isKey(after: number): boolean {
    let at = after;
    while (" \t\n\r".includes(this.#text[at] ?? "x")) at++;
    return this.#text[at] === ":";
  }

  #addKey(keys: Set<string>, key: string): void {
    if (keys.has(key) || key === "__proto__") {
      throw fault(
        "json/duplicate-key",
        `the key ${JSON.stringify(key.slice(0, 80))} is duplicate or reserved`,
      );
    }
    keys.add(key);
  }
}

function fault(code: JsonFaultCode, message: string): CustodyError<JsonFaultCode> {
  return new CustodyError(code, message);
}
