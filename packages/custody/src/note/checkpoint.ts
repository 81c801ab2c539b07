import { parseBase64, toBase64 } from "custody/ground";
import type { Bytes } from "custody/ground";

import { noteFault } from "./faults.ts";

/** What a log says its tree is (C2SP tlog-checkpoint, Note text). */
export interface Checkpoint {
  /** The log's name, exactly as it stands in the note. */
  readonly origin: string;
  readonly size: number;
  readonly rootHash: Bytes;
  readonly extensions: readonly string[];
}

const decimal = /^(?:0|[1-9]\d{0,15})$/;
const rootHashBytes = 32;

/**
 * The checkpoint in a note's text, whose signatures the caller verifies.
 *
 * @throws CustodyError `note/checkpoint` for a missing or empty line, a size with leading zeros or above 2^53 − 1, a
 * root that is not canonical base64 of 32 bytes.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split("\n");
  const last = lines.pop();
  const [origin = "", size = "", root = "", ...extensions] = lines;
  if (last !== "" || lines.length < 3 || lines.includes("")) {
    throw noteFault("note/checkpoint", "a checkpoint has three lines or more, none empty");
  }
  return { origin, size: parseSize(size), rootHash: parseRootHash(root), extensions };
}

function parseSize(text: string): number {
  const size = Number(text);
  if (!decimal.test(text) || !Number.isSafeInteger(size)) {
    throw noteFault("note/checkpoint", "the tree size is not a plain decimal number below 2^53");
  }
  return size;
}

function parseRootHash(text: string): Bytes {
  try {
    const bytes = parseBase64(text);
    if (bytes.length === rootHashBytes) return bytes;
  } catch {
    // Falls through to the one answer for every malformed root.
  }
  throw noteFault("note/checkpoint", "the root hash is not base64 of 32 bytes");
}

/**
 * The note text of a checkpoint; {@link parseCheckpoint} reads it back to the same.
 *
 * @throws CustodyError `note/checkpoint` for what it would not read back.
 */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, rootHash, extensions } = checkpoint;
  const text = [origin, String(size), toBase64(rootHash), ...extensions, ""].join("\n");
  if (parseCheckpoint(text).extensions.length !== extensions.length) {
    throw noteFault("note/checkpoint", "a line of the checkpoint holds a newline");
  }
  return text;
}
