import type { Bytes, Instant } from "custody/ground";
import { createTarPacker } from "modern-tar";

import type { FileEntry, TreeEntry } from "./entry.ts";
import { tarFault } from "./faults.ts";
import { checkLinkTarget } from "./link.ts";
import { comparePaths, parseTreePath } from "./path.ts";
import { TreeShape } from "./shape.ts";

export interface WriteTarOptions {
  /** The modification time of every entry, whole seconds counted; 1970-01-01T00:00:00Z unless given. */
  readonly modifiedAt?: Instant;
}

type Packer = ReturnType<typeof createTarPacker>["controller"];

const allowedModeBits = 0o1777;
const impliedDirectoryMode = 0o755;

/**
 * The archive of a tree (POSIX.1-2001 pax interchange format), the same bytes for the same tree whatever the order
 * of `entries`: sorted by path bytes, every parent directory present, owner 0:0 without names, one time for all.
 *
 * The stream fails with what a content fails with, or with `tar/size` when a content is not as long as its entry says.
 *
 * @throws CustodyError `tar/path`, `tar/duplicate`, `tar/below-non-directory`, `tar/mode` or `tar/link`.
 */
export function writeTar(
  entries: readonly TreeEntry[],
  options: WriteTarOptions = {},
): ReadableStream<Bytes> {
  const ordered = planArchive(entries);
  const { readable, controller } = createTarPacker();
  const mtime = new Date(options.modifiedAt ?? 0);
  packAll(controller, ordered, mtime).catch((error: unknown) => controller.error(error));
  return readable;
}

function planArchive(entries: readonly TreeEntry[]): TreeEntry[] {
  const shape = new TreeShape();
  for (const entry of entries) {
    checkEntry(entry);
    shape.add(entry.path, entry.kind === "directory" ? "directory" : "leaf");
  }
  const implied = shape
    .impliedDirectories()
    .map((path): TreeEntry => ({ kind: "directory", path, mode: impliedDirectoryMode }));
  return [...entries, ...implied].sort((a, b) => comparePaths(a.path, b.path));
}

function checkEntry(entry: TreeEntry): void {
  parseTreePath(entry.path);
  if (entry.kind === "symlink") checkLinkTarget(entry.path, entry.target);
  else if (!Number.isInteger(entry.mode) || (entry.mode & ~allowedModeBits) !== 0) {
    throw tarFault("tar/mode", `"${entry.path}" has the mode 0${entry.mode.toString(8)}`, {
      subject: entry.path,
    });
  }
}

async function packAll(packer: Packer, entries: readonly TreeEntry[], mtime: Date): Promise<void> {
  for (const entry of entries) await packEntry(packer, entry, mtime);
  packer.finalize();
}

async function packEntry(packer: Packer, entry: TreeEntry, mtime: Date): Promise<void> {
  const common = { mtime, uid: 0, gid: 0, size: 0 };
  switch (entry.kind) {
    case "file":
      return packFile(
        packer.add({ ...common, name: entry.path, mode: entry.mode, size: entry.sizeBytes }),
        entry,
      );
    case "directory":
      return packer.add({ ...common, name: `${entry.path}/`, type: "directory", mode: entry.mode }).close();
    case "symlink":
      return packer
        .add({ ...common, name: entry.path, type: "symlink", mode: 0o777, linkname: entry.target })
        .close();
    default:
      return entry satisfies never;
  }
}

async function packFile(body: WritableStream<Uint8Array>, entry: FileEntry): Promise<void> {
  const writer = body.getWriter();
  let written = 0;
  for await (const chunk of entry.content()) {
    written += chunk.length;
    if (written > entry.sizeBytes) throw sizeFault(entry);
    await writer.write(chunk);
  }
  if (written !== entry.sizeBytes) throw sizeFault(entry);
  await writer.close();
}

function sizeFault(entry: FileEntry): Error {
  return tarFault("tar/size", `"${entry.path}" does not hold the ${entry.sizeBytes} bytes it should`, {
    subject: entry.path,
    next: "the file changed while it was read: read the tree again",
  });
}
