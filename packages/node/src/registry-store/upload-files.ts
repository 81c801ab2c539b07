import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";

import { fileFault, hasErrno, makeDirectory } from "@custody/node/files";
import { findFaultCode } from "custody/ground";
import { blobFault, checkBlobSize } from "custody/oci";
import type { Upload, UploadStore } from "custody/registry";

const idSyntax = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const staleMilliseconds = 24 * 60 * 60 * 1000;

/**
 * An {@link UploadStore} in files: `DIRECTORY/<id>` with what came, `DIRECTORY/<id>.repository` with where it goes.
 * One process at a time uses a directory. Uploads a day old are removed when it is opened.
 */
export async function openUploadFiles(directory: string): Promise<UploadStore> {
  await told(directory, () => prepare(directory));
  const busy = new Set<string>();
  const pathOf = (id: string) => (idSyntax.test(id) ? join(directory, id) : undefined);
  return {
    create: (repository) => told(directory, () => create(directory, repository)),
    find: async (id) => told(directory, () => find(pathOf(id), id)),
    append: async (id, offset, chunk, maxBytes) => {
      const path = pathOf(id);
      if (path === undefined || busy.has(id)) return undefined;
      busy.add(id);
      try {
        if ((await told(path, () => find(path, id)))?.sizeBytes !== offset) return undefined;
        await append(path, offset, chunk, maxBytes);
        return await told(path, () => find(path, id));
      } finally {
        busy.delete(id);
      }
    },
    open: (id) => read(pathOf(id)),
    delete: async (id) => told(directory, () => remove(pathOf(id))),
  };
}

async function prepare(directory: string): Promise<void> {
  await makeDirectory(directory, 0o700);
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs < Date.now() - staleMilliseconds) await rm(path, { force: true });
  }
}

async function create(directory: string, repository: string): Promise<Upload> {
  const id = randomUUID();
  const path = join(directory, id);
  await writeFile(`${path}.repository`, repository, { flag: "wx", mode: 0o600 });
  await writeFile(path, "", { flag: "wx", mode: 0o600 });
  return { id, repository, sizeBytes: 0 };
}

async function find(path: string | undefined, id: string): Promise<Upload | undefined> {
  if (path === undefined) return undefined;
  try {
    const [repository, { size }] = await Promise.all([readFile(`${path}.repository`, "utf8"), stat(path)]);
    return { id, repository, sizeBytes: size };
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function append(
  path: string,
  offset: number,
  chunk: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<void> {
  const file = await told(path, () => open(path, "r+"));
  try {
    await writeChunk(file, path, offset, { chunk, maxBytes });
  } catch (error) {
    await file.truncate(offset);
    throw error;
  } finally {
    await file.close();
  }
}

interface Chunk {
  readonly chunk: AsyncIterable<Uint8Array>;
  readonly maxBytes: number;
}

async function writeChunk(
  file: FileHandle,
  path: string,
  offset: number,
  { chunk, maxBytes }: Chunk,
): Promise<void> {
  let at = offset;
  for await (const piece of chunk) {
    checkBlobSize(at + piece.length, { maxBytes });
    for (let done = 0; done < piece.length;) {
      const { bytesWritten } = await told(path, () =>
        file.write(piece, done, piece.length - done, at + done),
      );
      done += bytesWritten;
    }
    at += piece.length;
  }
}

async function* read(path: string | undefined): AsyncGenerator<Uint8Array> {
  if (path === undefined) return;
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw findFaultCode(error) === undefined ? asBlobFault(error, path) : error;
  }
}

async function remove(path: string | undefined): Promise<boolean> {
  if (path === undefined) return false;
  try {
    await rm(path);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return false;
    throw error;
  }
  await rm(`${path}.repository`, { force: true });
  return true;
}

async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw asBlobFault(cause, path);
  }
}

function asBlobFault(cause: unknown, subject: string): Error {
  const { code, message } = fileFault(cause, subject);
  const isFull = code === "files/disk-full";
  return blobFault(isFull ? "blobs/disk-full" : "blobs/unavailable", message, { subject, cause });
}
