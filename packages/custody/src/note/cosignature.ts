import { concatBytes, instantOf, utf8 } from "custody/ground";
import type { Bytes, Instant } from "custody/ground";

import type { Checkpoint } from "./checkpoint.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { noteFault } from "./faults.ts";
import type { VerifierKey } from "./verifier-key.ts";

/** The two kinds of cosignature: Ed25519 over the note's text, and ML-DSA-44 over the tree (C2SP tlog-cosignature). */
export type CosignatureType = "cosignature/v1" | "subtree/v1";

/** A witness's timestamp and its signature over {@link cosignedMessage} (C2SP tlog-cosignature, Format). */
export interface TimestampedSignature {
  readonly time: Instant;
  readonly signature: Bytes;
}

const timestampBytes = 8;
const signatureBytes: Readonly<Record<CosignatureType, number>> = {
  "cosignature/v1": 64,
  "subtree/v1": 2420,
};

/** True for the types of signature that say when they were made. */
export function isCosignatureType(type: VerifierKey["type"]): type is CosignatureType {
  return Object.hasOwn(signatureBytes, type);
}

/**
 * The parts of a `timestamped_signature`: 8 bytes of POSIX seconds, big-endian, then the signature.
 *
 * @throws CustodyError `note/signature` for another length, or a time beyond what milliseconds can count.
 */
export function parseTimestampedSignature(type: CosignatureType, bytes: Uint8Array): TimestampedSignature {
  const wanted = timestampBytes + signatureBytes[type];
  if (bytes.length !== wanted) {
    throw noteFault("note/signature", `a ${type} signature has ${wanted} bytes`);
  }
  const seconds = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (seconds > BigInt(Math.floor(Number.MAX_SAFE_INTEGER / 1000))) {
    throw noteFault("note/signature", "the cosignature's time is out of range");
  }
  return { time: instantOf(Number(seconds) * 1000), signature: bytes.slice(timestampBytes) };
}

/** The bytes of a `timestamped_signature`; parts of a second are dropped. */
export function formatTimestampedSignature({ time, signature }: TimestampedSignature): Bytes {
  return concatBytes(uint64(secondsOf(time)), signature);
}

/**
 * What a witness signs of a checkpoint's text: a header, the time and the whole text with Ed25519; with ML-DSA-44 the
 * names of witness and log, the time and the tree, without extension lines (C2SP tlog-cosignature, signed messages).
 *
 * @throws CustodyError `note/checkpoint` with ML-DSA-44 for what is no checkpoint, or an origin above 255 bytes.
 */
export function cosignedMessage(
  { type, name }: { readonly type: CosignatureType; readonly name: string },
  time: Instant,
  text: string,
): Bytes {
  return type === "cosignature/v1"
    ? utf8(`cosignature/v1\ntime ${secondsOf(time)}\n${text}`)
    : treeMessage(name, time, parseCheckpoint(text));
}

const treeLabel = utf8("subtree/v1\n\0");
const nameLimitBytes = 255;

// A checkpoint is the subtree that starts at leaf 0 and ends with the tree.
function treeMessage(cosigner: string, time: Instant, { origin, size, rootHash }: Checkpoint): Bytes {
  const tree = concatBytes(uint64(0), uint64(size), rootHash);
  return concatBytes(treeLabel, counted(cosigner), uint64(secondsOf(time)), counted(origin), tree);
}

function counted(name: string): Bytes {
  const bytes = utf8(name);
  if (bytes.length > nameLimitBytes) {
    throw noteFault(
      "note/checkpoint",
      `a name in an ML-DSA-44 cosignature has ${nameLimitBytes} bytes at most`,
    );
  }
  return concatBytes(new Uint8Array([bytes.length]), bytes);
}

function uint64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function secondsOf(time: Instant): number {
  return Math.floor(time / 1000);
}
