import { concatBytes, instantOf, utf8 } from "custody/ground";
import type { Bytes, Instant } from "custody/ground";

import { noteFault } from "./faults.ts";

/** A witness's timestamp and its signature over {@link cosignedMessage} (C2SP tlog-cosignature, Format). */
export interface TimestampedSignature {
  readonly time: Instant;
  readonly signature: Bytes;
}

const timestampBytes = 8;
const ed25519SignatureBytes = 64;

/**
 * The parts of a `timestamped_signature` with an Ed25519 signature: 8 bytes of POSIX seconds, big-endian, and 64.
 *
 * @throws CustodyError `note/signature` for another length, or a time beyond what milliseconds can count.
 */
export function parseTimestampedSignature(bytes: Uint8Array): TimestampedSignature {
  if (bytes.length !== timestampBytes + ed25519SignatureBytes) {
    throw noteFault("note/signature", "a cosignature has 72 bytes");
  }
  const seconds = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (seconds > BigInt(Math.floor(Number.MAX_SAFE_INTEGER / 1000))) {
    throw noteFault("note/signature", "the cosignature's time is out of range");
  }
  return { time: instantOf(Number(seconds) * 1000), signature: bytes.slice(timestampBytes) };
}

/** The bytes of a `timestamped_signature`; parts of a second are dropped. */
export function formatTimestampedSignature({ time, signature }: TimestampedSignature): Bytes {
  const seconds = new Uint8Array(timestampBytes);
  new DataView(seconds.buffer).setBigUint64(0, BigInt(secondsOf(time)));
  return concatBytes(seconds, signature);
}

/** What a witness signs: a header, the time and the whole text (C2SP tlog-cosignature, Ed25519 signed message). */
export function cosignedMessage(time: Instant, text: string): Bytes {
  return utf8(`cosignature/v1\ntime ${secondsOf(time)}\n${text}`);
}

function secondsOf(time: Instant): number {
  return Math.floor(time / 1000);
}
