import { concatBytes, derTags, derValue } from "custody/ground";
import type { Bytes } from "custody/ground";

/** SEQUENCE. */
export function sequence(...parts: readonly Uint8Array[]): Bytes {
  return derValue(derTags.sequence, concatBytes(...parts));
}

/** INTEGER of a big-endian number that is not negative. */
export function unsigned(bytes: Uint8Array): Bytes {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Uint8Array.of(0) : bytes.subarray(start);
  return derValue(derTags.integer, (digits[0] ?? 0) >= 0x80 ? concatBytes(Uint8Array.of(0), digits) : digits);
}

/** BIT STRING of whole bytes. */
export function bitString(bytes: Uint8Array): Bytes {
  return derValue(derTags.bitString, concatBytes(Uint8Array.of(0), bytes));
}

export function octetString(bytes: Uint8Array): Bytes {
  return derValue(derTags.octetString, bytes);
}

export function nullValue(): Bytes {
  return derValue(0x05, new Uint8Array());
}

/** OBJECT IDENTIFIER of its dotted form (X.690 §8.19). */
export function objectIdentifier(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return derValue(derTags.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
    bytes.unshift(0x80 | (left % 128));
  return bytes;
}
