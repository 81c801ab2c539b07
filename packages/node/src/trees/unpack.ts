import { closeSync, constants, fchmodSync, futimesSync, openSync, writeFileSync } from "node:fs";
import { chmod, lutimes, mkdir, open, readdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

import { hasErrno } from "@custody/node/files";
import { concatBytes } from "custody/ground";
import type { FileEntry, TarLimits, TreeEntry } from "custody/tar";
import { parseWhiteout, readTar } from "custody/tar";

import { treesFault } from "./faults.ts";
import { findStats } from "./stats.ts";

type Archive = AsyncIterable<Uint8Array>;

/**
 * Unpacks an archive into a directory that does not exist yet; files belong to this process's user, times are 1970.
 * When it fails, what is there is incomplete: the caller removes it.
 *
 * @throws CustodyError `trees/not-fresh`, or what {@link readTar} throws.
 */
export async function unpackTree(
  archive: Archive,
  directory: string,
  limits: Partial<TarLimits> = {},
): Promise<void> {
  await makeFresh(directory);
  const writer = new TreeWriter(directory);
  for await (const entry of readTar(archive, limits)) await writer.write(entry);
  await writer.finish();
}

/**
 * Unpacks the layers of an image, lowest first, into a directory that does not exist yet, each over the ones below it
 * (OCI image-spec, layer.md §Applying Changesets). A path that leads through a link of a lower layer is refused:
 * readers disagree about where it would end.
 *
 * @throws CustodyError `trees/not-fresh`, `trees/through-link`, or what {@link readTar} throws.
 */
export async function unpackLayers(
  layers: Iterable<Archive>,
  directory: string,
  limits: Partial<TarLimits> = {},
): Promise<void> {
  await makeFresh(directory);
  for (const layer of layers) {
    const writer = new TreeWriter(directory);
    for await (const entry of readTar(layer, limits)) await writer.apply(entry);
    await writer.finish();
  }
}

async function makeFresh(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o755 });
  } catch (cause) {
    if (!hasErrno(cause, "EEXIST")) throw cause;
    throw treesFault("trees/not-fresh", `"${directory}" is there already`, { subject: directory, cause });
  }
}

/** Writes entries below one directory that nobody else writes to; never through a link, never over a file. */
class TreeWriter {
  readonly #root: string;
  /** Set last and innermost first: a mode can take the right to write, and each new name sets a time. */
  readonly #directories: { readonly path: string; readonly mode: number }[] = [];
  readonly #written = new Set<string>();
  /** Known to be real: nobody else writes here, so what was seen once stays so until this writer removes it. */
  readonly #known = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  async write(entry: TreeEntry): Promise<void> {
    const path = join(this.#root, entry.path);
    await this.#makeDirectory(dirname(path));
    this.#written.add(entry.path);
    switch (entry.kind) {
      case "directory":
        await this.#makeDirectory(path);
        this.#directories.push({ path, mode: entry.mode });
        break;
      case "file":
        await writeFile(path, entry);
        break;
      case "symlink":
        await symlink(entry.target, path);
        await lutimes(path, 0, 0);
        break;
      default:
        entry satisfies never;
    }
  }

  /** As {@link write}, over what lower layers have put there. */
  async apply(entry: TreeEntry): Promise<void> {
    const whiteout = parseWhiteout(entry.path);
    if (whiteout?.kind === "remove") return this.#remove(whiteout.path);
    if (whiteout?.kind === "opaque") return this.#empty(whiteout.directory);
    const stats = await findStats(join(this.#root, entry.path));
    if (entry.kind === "directory" && stats?.isSymbolicLink() === true) throw throughLink(entry.path);
    const merges = entry.kind === "directory" && stats?.isDirectory() === true;
    if (stats !== undefined && !merges) await this.#remove(entry.path);
    await this.write(entry);
  }

  async finish(): Promise<void> {
    for (const { path, mode } of this.#directories.toReversed()) {
      await chmod(path, mode);
      await lutimes(path, 0, 0);
    }
  }

  // A whiteout hides lower layers only (layer.md §Whiteouts): what this very layer has written stays.
  async #remove(path: string): Promise<void> {
    if (this.#written.has(path)) return;
    await this.#makeDirectory(dirname(join(this.#root, path)));
    await rm(join(this.#root, path), { recursive: true, force: true });
    this.#known.clear();
  }

  async #empty(directory: string): Promise<void> {
    const prefix = directory === "" ? "" : `${directory}/`;
    await this.#makeDirectory(join(this.#root, directory));
    for (const name of await readdir(join(this.#root, directory))) await this.#remove(`${prefix}${name}`);
  }

  async #makeDirectory(path: string): Promise<void> {
    if (path === this.#root || this.#known.has(path)) return;
    const stats = await findStats(path);
    if (stats?.isDirectory() === true) {
      this.#known.add(path);
      return;
    }
    if (stats !== undefined)
      throw treesFault("trees/through-link", `"${path}" is not a directory`, { subject: path });
    await this.#makeDirectory(dirname(path));
    await mkdir(path, { mode: 0o755 });
    this.#known.add(path);
  }
}

function throughLink(path: string): Error {
  return treesFault(
    "trees/through-link",
    `the layer leads through "${path}", which is a link or a file below it`,
    {
      subject: path,
      next: "name the place that the link points to",
    },
  );
}

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const smallBytes = 256 * 1024;

async function writeFile(path: string, { mode, sizeBytes, content }: FileEntry): Promise<void> {
  if (sizeBytes <= smallBytes) return writeSmallFile(path, mode, await gather(content()));
  const handle = await open(path, createFlags, 0o600);
  try {
    for await (const chunk of content()) await handle.writeFile(chunk);
    await handle.chmod(mode);
    await handle.utimes(0, 0);
  } finally {
    await handle.close();
  }
}

// Most files are small, and five trips to the thread pool for each of thousands cost more than the writing itself.
function writeSmallFile(path: string, mode: number, content: Uint8Array): void {
  const file = openSync(path, createFlags, 0o600);
  try {
    writeFileSync(file, content);
    fchmodSync(file, mode);
    futimesSync(file, 0, 0);
  } finally {
    closeSync(file);
  }
}

async function gather(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return concatBytes(...chunks);
}
