import { parseBase64, toBase64 } from "custody/ground";
import type { Bytes } from "custody/ground";

import { noteFault } from "./faults.ts";

/** That a log holds an entry, to be shown offline: place, inclusion proof and checkpoint (C2SP tlog-proof). */
export interface TlogProof {
  /** What nothing vouches for; undefined where there is none. */
  readonly extra?: Bytes;
  readonly index: number;
  /** From the leaf's sibling up (RFC 6962 §2.1.1). */
  readonly hashes: readonly Bytes[];
  /** The signed note, with cosignatures if it has any. */
  readonly checkpoint: string;
}

const header = "c2sp.org/tlog-proof@v1";
const hashBytes = 32;
const hashLimit = 63;
const sizeLimit = 1_100_000;
const indexLine = /^index (0|[1-9]\d{0,15})$/;

/** The text of a proof; {@link parseTlogProof} reads it back. */
export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): string {
  const extraLines = extra === undefined ? [] : [`extra ${toBase64(extra)}`];
  return [header, ...extraLines, `index ${index}`, ...hashes.map(toBase64), "", checkpoint].join("\n");
}

/**
 * The parts of a proof. It verifies nothing.
 *
 * @throws CustodyError `note/proof` for anything that is not exactly a proof, or has more than 63 hashes.
 */
export function parseTlogProof(text: string): TlogProof {
  const end = text.length > sizeLimit ? -1 : text.indexOf("\n\n");
  const [first, ...lines] = text.slice(0, Math.max(end, 0)).split("\n");
  if (end < 0 || first !== header) throw malformed(`it does not begin with ${header}`);
  const extra = lines[0]?.startsWith("extra ") === true ? parseBytes(lines.shift() ?? "") : undefined;
  const index = Number(indexLine.exec(lines.shift() ?? "")?.[1]);
  if (!Number.isSafeInteger(index)) throw malformed("it has no index");
  if (lines.length > hashLimit) throw malformed(`it has more than ${hashLimit} hashes`);
  const proof = { index, hashes: lines.map(parseHash), checkpoint: text.slice(end + 2) };
  return extra === undefined ? proof : { ...proof, extra };
}

function parseBytes(line: string): Bytes {
  return orMalformed(line.slice("extra ".length), "its extra data is no base64");
}

function parseHash(line: string): Bytes {
  const hash = orMalformed(line, "a line of it is no hash");
  if (hash.length !== hashBytes) throw malformed("a line of it is no hash");
  return hash;
}

function orMalformed(base64: string, message: string): Bytes {
  try {
    return parseBase64(base64);
  } catch (cause) {
    throw malformed(message, cause);
  }
}

function malformed(message: string, cause?: unknown): Error {
  return noteFault("note/proof", `the text is no tlog-proof: ${message}`, { cause });
}
