import { CustodyError } from "./faults.ts";

/** Bytes as they came; never re-encoded between the place they are verified and the place they are used. */
export type Bytes = Uint8Array<ArrayBuffer>;

type BytesFaultCode = "bytes/hex" | "bytes/base64" | "bytes/utf8";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a string. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/**
 * The string that UTF-8 bytes stand for; a leading byte order mark is kept.
 *
 * @throws CustodyError `bytes/utf8` when the bytes are not valid UTF-8.
 */
export function parseUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new CustodyError<BytesFaultCode>("bytes/utf8", "the text is not valid UTF-8", { cause });
  }
}

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lowercase hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += hexDigits[byte];
  return text;
}

/**
 * The bytes of lowercase hexadecimal text.
 *
 * @throws CustodyError `bytes/hex` for uppercase, odd length or any other character.
 */
export function parseHex(text: string): Bytes {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) {
    throw new CustodyError<BytesFaultCode>("bytes/hex", "not lowercase hexadecimal of even length");
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const base64Values = new Int16Array(128).fill(-1);
for (let i = 0; i < 64; i++) base64Values[base64Alphabet.charCodeAt(i)] = i;

/** Standard base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    parts.push(
      base64Alphabet.charAt(group >> 18),
      base64Alphabet.charAt((group >> 12) & 63),
      left > 1 ? base64Alphabet.charAt((group >> 6) & 63) : "=",
      left > 2 ? base64Alphabet.charAt(group & 63) : "=",
    );
  }
  return parts.join("");
}

/** URL-safe base64 without padding (RFC 4648 §5, RFC 7515 §2). */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The bytes of standard, padded, canonical base64 (RFC 4648 §4): one text for one byte string.
 *
 * @throws CustodyError `bytes/base64` for white space, URL-safe letters, missing padding or non-zero trailing bits.
 */
export function parseBase64(text: string): Bytes {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const letters = text.length - padding;
  if (text.length % 4 !== 0) throw base64Fault();
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < letters; i++) {
    const value = base64Values[text.charCodeAt(i)] ?? -1;
    if (value < 0) throw base64Fault();
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
      held &= (1 << bits) - 1;
    }
  }
  if (held !== 0) throw base64Fault();
  return bytes;
}

function base64Fault(): CustodyError<BytesFaultCode> {
  return new CustodyError("bytes/base64", "not canonical padded base64 (RFC 4648 §4)");
}

export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** True when both hold the same bytes. Not constant-time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
