import { createHash, randomUUID } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";

import { hasErrno, makeDirectory, syncDirectory } from "@custody/node/files";
import { formatDigest, hexOf } from "custody/ground";
import type { Bytes, Digest } from "custody/ground";
import { checkBlobDigest, checkBlobSize, corruptBlob, missingBlob } from "custody/oci";
import type { BlobInfo, BlobStore, WriteBlobOptions } from "custody/oci";

import { withBlobFaults } from "./blob-faults.ts";

const pieceBytes = 256 * 1024;
const staleMilliseconds = 24 * 60 * 60 * 1000;

/**
 * A {@link BlobStore} in files: `DIRECTORY/sha256/ab/abcdef…`. What a crash left half written lies in
 * `DIRECTORY/staging` and is removed a day later, when the store is opened.
 */
export async function openBlobFiles(directory: string): Promise<BlobStore> {
  const staging = join(directory, "staging");
  await makeDirectory(staging);
  await removeStale(staging);
  const pathOf = (digest: Digest) => join(directory, "sha256", hexOf(digest).slice(0, 2), hexOf(digest));
  return {
    write: (content, options) => write(join(staging, randomUUID()), pathOf, content, options),
    open: (digest) => read(pathOf(digest), digest),
    find: (digest) => find(pathOf(digest), digest),
    delete: (digest) => remove(pathOf(digest)),
  };
}

async function removeStale(staging: string): Promise<void> {
  for (const name of await readdir(staging)) {
    const path = join(staging, name);
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - staleMilliseconds) await rm(path, { force: true });
  }
}

async function write(
  staged: string,
  pathOf: (digest: Digest) => string,
  content: AsyncIterable<Uint8Array>,
  options: WriteBlobOptions,
): Promise<BlobInfo> {
  try {
    const info = await stage(staged, content, options);
    checkBlobDigest(info.digest, options);
    await place(staged, pathOf(info.digest));
    return info;
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
}

async function stage(
  staged: string,
  content: AsyncIterable<Uint8Array>,
  options: WriteBlobOptions,
): Promise<BlobInfo> {
  const file = await withBlobFaults(staged, () => open(staged, "wx", 0o644));
  const hash = createHash("sha256");
  let sizeBytes = 0;
  try {
    for await (const piece of content) {
      sizeBytes += piece.length;
      checkBlobSize(sizeBytes, options);
      hash.update(piece);
      await withBlobFaults(staged, () => writeWhole(file, piece));
    }
    await withBlobFaults(staged, () => file.sync());
  } finally {
    await file.close();
  }
  return { digest: formatDigest(hash.digest()), sizeBytes };
}

async function writeWhole(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) at += (await file.write(piece, at)).bytesWritten;
}

async function place(staged: string, path: string): Promise<void> {
  await withBlobFaults(path, async () => {
    await makeDirectory(dirname(path));
    await rename(staged, path);
    await syncDirectory(dirname(path));
  });
}

// The piece last read waits until the next one, or the end with the right digest, is there.
async function* read(path: string, digest: Digest): AsyncGenerator<Bytes> {
  const file = await withBlobFaults(path, () => openExisting(path));
  if (!file) throw missingBlob(digest);
  try {
    const hash = createHash("sha256");
    let held: Bytes | undefined;
    for (;;) {
      const piece = await withBlobFaults(path, () => readPiece(file));
      if (piece.length === 0) break;
      hash.update(piece);
      if (held) yield held;
      held = piece;
    }
    if (formatDigest(hash.digest()) !== digest) throw corruptBlob(digest);
    if (held) yield held;
  } finally {
    await file.close();
  }
}

async function readPiece(file: FileHandle): Promise<Bytes> {
  const buffer = new Uint8Array(pieceBytes);
  const { bytesRead } = await file.read(buffer, 0, pieceBytes);
  return buffer.subarray(0, bytesRead);
}

async function openExisting(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function find(path: string, digest: Digest): Promise<BlobInfo | undefined> {
  return withBlobFaults(path, async () => {
    try {
      return { digest, sizeBytes: (await stat(path)).size };
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return undefined;
      throw error;
    }
  });
}

async function remove(path: string): Promise<boolean> {
  return withBlobFaults(path, async () => {
    try {
      await rm(path);
    } catch (error) {
      if (hasErrno(error, "ENOENT")) return false;
      throw error;
    }
    await syncDirectory(dirname(path));
    return true;
  });
}
