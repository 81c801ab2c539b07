import canonicalize from "canonicalize";

import type { Bytes } from "./bytes.ts";
import { parseUtf8, utf8 } from "./bytes.ts";
import { CustodyError } from "./faults.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface JsonLimits {
  readonly sizeBytes: number;
  readonly depth: number;
}

const defaultLimits: JsonLimits = { sizeBytes: 8 * 1024 * 1024, depth: 64 };

type JsonFaultCode = "json/size" | "json/depth" | "json/syntax" | "json/duplicate-key";

/**
 * The value of a JSON text (RFC 8259), read strictly: valid UTF-8, no byte order mark, no duplicate keys, no
 * `__proto__`, bounded size and depth. Two readers of an accepted text cannot disagree about it.
 *
 * @throws CustodyError `json/…`, or `bytes/utf8`.
 */
export function parseJson(source: Uint8Array | string, limits: Partial<JsonLimits> = {}): Json {
  const { sizeBytes, depth } = { ...defaultLimits, ...limits };
  if (source.length > sizeBytes) throw fault("json/size", `the JSON text is larger than ${sizeBytes} bytes`);
  const text = typeof source === "string" ? source : parseUtf8(source);
  const value = parseLoosely(text);
  new Scanner(text, depth).scan();
  return value;
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

// JSON.parse has already said that the text is JSON; what is left to find is what it passes over in silence.
class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #keys: (Set<string> | undefined)[] = [];

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
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
        case '"':
          at = this.#string(at);
          break;
      }
    }
  }

  #open(keys: Set<string> | undefined): void {
    this.#keys.push(keys);
    if (this.#keys.length > this.#maxDepth) {
      throw fault("json/depth", `the JSON text is nested deeper than ${this.#maxDepth}`);
    }
  }

  #string(start: number): number {
    let end = start + 1;
    while (this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    const keys = this.#keys.at(-1);
    if (keys && this.#isKey(end + 1))
      this.#addKey(keys, JSON.parse(this.#text.slice(start, end + 1)) as string);
    return end;
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
