import { utf8 } from "custody/ground";

/*
 * Rego's strings are bytes, mostly UTF-8; `hex.decode("ff")` makes one that is not. A byte that belongs to no character
 * is kept as a lone surrogate, U+DC80 to U+DCFF, so that hashes and signatures see the byte; JSON shows U+FFFD.
 */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const escapeBase = 0xdc00;

/** The bytes of a string. */
export function stringBytes(text: string): Uint8Array {
  return text.isWellFormed() ? utf8(text) : Uint8Array.from(escapedBytes(text));
}

function* escapedBytes(text: string): Iterable<number> {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) yield code - escapeBase;
    else yield* utf8(character.toWellFormed());
  }
}

/** The string of these bytes. */
export function stringOfBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return escapedString(bytes);
  }
}

function escapedString(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length;) {
    const length = characterLength(bytes, i);
    parts.push(
      length > 0
        ? strict.decode(bytes.subarray(i, i + length))
        : String.fromCharCode(escapeBase + (bytes[i] ?? 0)),
    );
    i += Math.max(length, 1);
  }
  return parts.join("");
}

/** How many bytes the character at this place has; 0 when there is none. */
function characterLength(bytes: Uint8Array, start: number): number {
  const first = bytes[start] ?? 0;
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  const code = bytes.subarray(start, start + length);
  if (length < 2) return length;
  if (code.length < length || code.subarray(1).some((byte) => byte >> 6 !== 2)) return 0;
  const second = code[1] ?? 0;
  const ill =
    (first === 0xe0 && second < 0xa0) ||
    (first === 0xed && second > 0x9f) ||
    (first === 0xf0 && second < 0x90) ||
    (first === 0xf4 && second > 0x8f);
  return ill ? 0 : length;
}
