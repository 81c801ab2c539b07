import { parseBase64, parseUtf8, toBase64 } from "custody/ground";
import type { Bytes } from "custody/ground";

import { witnessFault } from "./faults.ts";

/** What a log asks a witness to cosign (C2SP tlog-witness, add-checkpoint). Nothing in it is verified. */
export interface AddCheckpointRequest {
  /** The size of the tree that the log believes the witness cosigned last; 0 for none. */
  readonly oldSize: number;
  /** The consistency proof from that size (RFC 6962 §2.1.2), at most 63 hashes. */
  readonly hashes: readonly Bytes[];
  /** The signed note of the checkpoint. */
  readonly checkpoint: string;
}

/** The most bytes of a request: a proof, and a checkpoint with as many signatures as a note may have. */
export const requestLimitBytes = 256 * 1024;

const hashLimit = 63;
const hashBytes = 32;
const oldSizeLine = /^old (0|[1-9]\d{0,15})$/;

/**
 * Reads the body of an `add-checkpoint` request.
 *
 * @throws CustodyError `witness/request` for another form, a size above 2^53 − 1, more than 63 hashes or one that is
 * not canonical base64 of 32 bytes.
 */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpointRequest {
  if (body.length > requestLimitBytes) throw malformed("it is too large");
  const text = readText(body);
  const end = text.indexOf("\n\n");
  const [first = "", ...lines] = text.slice(0, Math.max(end, 0)).split("\n");
  const oldSize = Number(oldSizeLine.exec(first)?.[1]);
  if (end < 0 || !Number.isSafeInteger(oldSize)) throw malformed("it does not begin with the old size");
  if (lines.length > hashLimit) throw malformed(`it has more than ${hashLimit} hashes`);
  return { oldSize, hashes: lines.map(parseHash), checkpoint: text.slice(end + 2) };
}

function readText(body: Uint8Array): string {
  try {
    return parseUtf8(body);
  } catch (cause) {
    throw malformed("it is no text", cause);
  }
}

function parseHash(line: string): Bytes {
  try {
    const hash = parseBase64(line);
    if (hash.length === hashBytes) return hash;
  } catch {
    // Falls through to the one answer for every malformed hash.
  }
  throw malformed("a line of its proof is no hash");
}

function malformed(message: string, cause?: unknown): Error {
  return witnessFault("witness/request", `the request is refused: ${message}`, { cause });
}

/** The body of a request; {@link parseAddCheckpoint} reads it back. */
export function formatAddCheckpoint({ oldSize, hashes, checkpoint }: AddCheckpointRequest): string {
  return [`old ${oldSize}`, ...hashes.map(toBase64), "", checkpoint].join("\n");
}
