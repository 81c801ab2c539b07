import { parseBase64 } from "custody/ground";
import type { Bytes } from "custody/ground";

/** One block of PEM (RFC 7468), and what follows it. */
export interface PemBlock {
  readonly type: string;
  readonly bytes: Bytes;
  readonly rest: string;
}

const begin = "-----BEGIN ";
const dashes = "-----";

/** The first whole block of a text, or undefined. */
export function findPem(text: string): PemBlock | undefined {
  for (let from = text.indexOf(begin); from >= 0; from = text.indexOf(begin, from + begin.length)) {
    if (from > 0 && text[from - 1] !== "\n") continue;
    const block = readBlock(text, from);
    if (block) return block;
  }
  return undefined;
}

function readBlock(text: string, from: number): PemBlock | undefined {
  const typeEnd = text.indexOf(dashes, from + begin.length);
  if (typeEnd < 0) return undefined;
  const type = text.slice(from + begin.length, typeEnd);
  const footer = `${dashes}END ${type}${dashes}`;
  const bodyEnd = text.indexOf(footer, typeEnd);
  if (bodyEnd < 0 || type.includes("\n")) return undefined;
  const bytes = findBody(text.slice(typeEnd + dashes.length, bodyEnd));
  const rest = text.slice(bodyEnd + footer.length).replace(/^[ \t\r]*\n/, "");
  return bytes && { type, bytes, rest };
}

function findBody(body: string): Bytes | undefined {
  const headless = body.includes(":") ? body.slice(body.search(/\n\r?\n/)) : body;
  try {
    return parseBase64(headless.replace(/\s+/g, ""));
  } catch {
    return undefined;
  }
}

/** All blocks, from the first to where they end. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  for (let block = findPem(text); block; block = findPem(block.rest)) blocks.push(block);
  return blocks;
}
