import { randomUUID } from "node:crypto";
import { open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";

import { withBlobFaults } from "@custody/node/blobs";
import { hasErrno, makeDirectory } from "@custody/node/files";
import { checkBlobSize } from "custody/oci";
import type { Upload, UploadStore } from "custody/registry";

const idSyntax = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const pieceBytes = 256 * 1024;
const staleMilliseconds = 24 * 60 * 60 * 1000;

/**
 * An {@link UploadStore} in files: `DIRECTORY/<id>` with what came, `DIRECTORY/<id>.repository` with where it goes.
 * One process at a time uses a directory. Uploads a day old are removed when it is opened.
 */
export async function openUploadFiles(directory: string): Promise<UploadStore> {
  await withBlobFaults(directory, () => prepare(directory));
  const busy = new Set<string>();
  const pathOf = (id: string) => (idSyntax.test(id) ? join(directory, id) : undefined);
  return {
    create: (repository) => withBlobFaults(directory, () => create(directory, repository)),
    find: async (id) => withBlobFaults(directory, () => find(pathOf(id), id)),
    append: async (id, offset, chunk, maxBytes) => {
      const path = pathOf(id);
      if (path === undefined || busy.has(id)) return undefined;
      busy.add(id);
      try {
        if ((await withBlobFaults(path, () => find(path, id)))?.sizeBytes !== offset) return undefined;
        await append(path, offset, chunk, maxBytes);
        return await withBlobFaults(path, () => find(path, id));
      } finally {
        busy.delete(id);
      }
    },
    open: (id) => read(pathOf(id)),
    delete: async (id) => withBlobFaults(directory, () => remove(pathOf(id))),
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
  const file = await withBlobFaults(path, () => open(path, "r+"));
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
      const { bytesWritten } = await withBlobFaults(path, () =>
        file.write(piece, done, piece.length - done, at + done),
      );
      done += bytesWritten;
    }
    at += piece.length;
  }
}

async function* read(path: string | undefined): AsyncGenerator<Uint8Array> {
  if (path === undefined) return;
  const file = await withBlobFaults(path, () => open(path, "r"));
  try {
    for (;;) {
      const buffer = new Uint8Array(pieceBytes);
      const { bytesRead } = await withBlobFaults(path, () => file.read(buffer, 0, pieceBytes));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
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
