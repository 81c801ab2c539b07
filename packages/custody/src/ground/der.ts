import type { Bytes } from "./bytes.ts";
import { concatBytes } from "./bytes.ts";

/** One DER value (X.690 §8.1, §10.1): tag, shortest definite length, content. */
export function derValue(tag: number, content: Uint8Array): Bytes {
  const lengthBytes: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) lengthBytes.unshift(rest % 256);
  const header = content.length < 0x80 ? [content.length] : [0x80 | lengthBytes.length, ...lengthBytes];
  return concatBytes(new Uint8Array([tag, ...header]), content);
}
