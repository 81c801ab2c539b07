import { CustodyError } from "custody/ground";
import type { Bytes, Digest, FaultOptions } from "custody/ground";

export interface BlobInfo {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface WriteBlobOptions {
  /** What the content's digest must be. */
  readonly expectedDigest?: Digest;
  /** The most bytes that are taken. */
  readonly maxBytes: number;
}

export type BlobFaultCode =
  | "blobs/missing"
  | "blobs/corrupt"
  | "blobs/digest-mismatch"
  | "blobs/too-large"
  | "blobs/disk-full"
  | "blobs/unavailable";

/**
 * Content by its digest. Content that was altered in the store is never given out whole.
 *
 * Faults: `blobs/disk-full` and `blobs/unavailable` from every method. Any number of processes may use one store.
 */
export interface BlobStore {
  /**
   * Keeps the content of a stream, which it reads once. When it returns, the content survives a power cut; when it
   * fails, nothing is left. Content that is already there is replaced by the same.
   *
   * @throws CustodyError `blobs/digest-mismatch`, `blobs/too-large`; what the stream throws.
   */
  write(content: AsyncIterable<Uint8Array>, options: WriteBlobOptions): Promise<BlobInfo>;
  /**
   * The content, in pieces. It is hashed on the way, and the last piece is held back until the digest has been found
   * to be right: whoever has read to the end has the right content, and an altered one cannot be read to the end.
   *
   * @throws CustodyError `blobs/missing` with the first piece, `blobs/corrupt` instead of the last.
   */
  open(digest: Digest): AsyncIterable<Bytes>;
  /** Whether it is there, and its size as stored; its content is not read. */
  find(digest: Digest): Promise<BlobInfo | undefined>;
  /** Removes it and says whether it was there. */
  delete(digest: Digest): Promise<boolean>;
}

export function blobFault(
  code: BlobFaultCode,
  message: string,
  options?: FaultOptions,
): CustodyError<BlobFaultCode> {
  return new CustodyError(code, message, options);
}

export function missingBlob(digest: Digest): CustodyError<BlobFaultCode> {
  return blobFault("blobs/missing", "there is no such content", { subject: digest });
}

export function corruptBlob(digest: Digest): CustodyError<BlobFaultCode> {
  return blobFault("blobs/corrupt", "the content was altered in the store", {
    subject: digest,
    next: "delete it, and push or restore it again",
  });
}

/** @throws CustodyError `blobs/too-large` above the limit. */
export function checkBlobSize(sizeBytes: number, { maxBytes }: WriteBlobOptions): void {
  if (sizeBytes > maxBytes) {
    throw blobFault("blobs/too-large", `the content has more than ${maxBytes} bytes`);
  }
}

/** @throws CustodyError `blobs/digest-mismatch` unless the digest is the expected one. */
export function checkBlobDigest(actual: Digest, { expectedDigest }: WriteBlobOptions): void {
  if (expectedDigest !== undefined && actual !== expectedDigest) {
    throw blobFault("blobs/digest-mismatch", `the content's digest is ${actual}`, {
      subject: expectedDigest,
    });
  }
}

/**
 * All of a blob's content, verified.
 *
 * @throws CustodyError `blobs/too-large` above `maxBytes`; as `open`.
 */
export async function readBlob(store: BlobStore, digest: Digest, maxBytes: number): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let sizeBytes = 0;
  for await (const piece of store.open(digest)) {
    sizeBytes += piece.length;
    checkBlobSize(sizeBytes, { maxBytes });
    pieces.push(piece);
  }
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
