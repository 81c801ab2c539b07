import { toBase64 } from "custody/ground";

import { BuiltinError } from "../builtin.ts";

/** The letters of RFC 4648 §4, or of §5 for URLs. */
export type Base64Alphabet = "standard" | "url";

/** Padded base64. */
export function encodeBase64(bytes: Uint8Array, alphabet: Base64Alphabet): string {
  const text = toBase64(bytes);
  return alphabet === "standard" ? text : text.replaceAll("+", "-").replaceAll("/", "_");
}

/**
 * The bytes of padded base64. Line ends count for nothing and left-over bits may be anything, as in Go.
 *
 * @throws BuiltinError that names the byte where it goes wrong.
 */
export function decodeBase64(text: Uint8Array, alphabet: Base64Alphabet): Uint8Array {
  const bytes: number[] = [];
  let at = 0;
  while (at < text.length) {
    const group = readGroup(text, at, alphabet);
    const bits =
      group.digits.reduce((bits, digit) => (bits << 6) | digit, 0) << (6 * (4 - group.digits.length));
    const whole = [(bits >> 16) & 255, (bits >> 8) & 255, bits & 255];
    bytes.push(...whole.slice(0, Math.max(group.digits.length - 1, 0)));
    at = group.end;
  }
  return Uint8Array.from(bytes);
}

interface Group {
  readonly digits: readonly number[];
  /** Where the next one begins. */
  readonly end: number;
}

function readGroup(text: Uint8Array, start: number, alphabet: Base64Alphabet): Group {
  const digits: number[] = [];
  let at = start;
  for (; digits.length < 4; at++) {
    if (at >= text.length) return endOfText(text, digits);
    const byte = text[at] as number;
    const digit = digitOf(byte, alphabet);
    if (digit >= 0) digits.push(digit);
    else if (!isLineEnd(byte)) return { digits, end: readPadding(text, at, digits.length) };
  }
  return { digits, end: at };
}

function endOfText(text: Uint8Array, digits: readonly number[]): Group {
  if (digits.length > 0) throw illegal(text.length - digits.length);
  return { digits, end: text.length };
}

/** The end of the text, if what stands here is the padding after so many digits and nothing follows it. */
function readPadding(text: Uint8Array, start: number, digits: number): number {
  if (text[start] !== 0x3d || digits < 2) throw illegal(start);
  let last = start;
  if (digits === 2) {
    const second = skipLineEnds(text, start + 1);
    if (second === text.length) throw illegal(second);
    if (text[second] !== 0x3d) throw illegal(second - 1);
    last = second;
  }
  const end = skipLineEnds(text, last + 1);
  if (end < text.length) throw illegal(end);
  return end;
}

function skipLineEnds(text: Uint8Array, start: number): number {
  let at = start;
  while (isLineEnd(text[at])) at++;
  return at;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function digitOf(byte: number, alphabet: Base64Alphabet): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte - 0x41;
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x61 + 26;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30 + 52;
  const [plus, slash] = alphabet === "standard" ? [0x2b, 0x2f] : [0x2d, 0x5f];
  return byte === plus ? 62 : byte === slash ? 63 : -1;
}

function illegal(at: number): BuiltinError {
  return new BuiltinError(`illegal base64 data at input byte ${at}`);
}
