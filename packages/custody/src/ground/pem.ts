import type { Bytes } from "./bytes.ts";
import { parseBase64, toBase64 } from "./bytes.ts";

/** One textual encoding (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  readonly der: Bytes;
}

const maxPemCharacters = 65_536;
const maxBlocks = 8;
const block = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+?)\r?\n?-----END ([A-Z0-9 ]+)-----\s*/y;

/** The blocks of a PEM text that holds nothing else, or undefined for any other text. */
export function findPemBlocks(text: string): readonly PemBlock[] | undefined {
  if (text.length > maxPemCharacters) return undefined;
  const blocks: PemBlock[] = [];
  const source = text.trimStart();
  block.lastIndex = 0;
  while (block.lastIndex < source.length && blocks.length < maxBlocks) {
    const [, label, body = "", end] = block.exec(source) ?? [];
    const der = label !== undefined && label === end ? findBase64(body.replaceAll(/[\r\n]/g, "")) : undefined;
    if (label === undefined || !der) return undefined;
    blocks.push({ label, der });
  }
  return blocks.length > 0 && block.lastIndex >= source.length ? blocks : undefined;
}

/** One textual encoding (RFC 7468 §2). */
export function formatPem({ label, der }: PemBlock): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function findBase64(text: string): Bytes | undefined {
  try {
    return parseBase64(text);
  } catch {
    return undefined;
  }
}
