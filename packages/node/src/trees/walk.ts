import type { Stats } from "node:fs";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";

import { parseUtf8 } from "custody/ground";
import type { TreeEntry } from "custody/tar";
import { parseTreePath } from "custody/tar";

import { treesFault } from "./faults.ts";

/** What a walk accepts; whatever it does not accept ends it with a fault, nothing is passed over. */
export interface WalkRules {
  readonly symlinks: boolean;
  /** Whether a file may have other names, inside the tree or out of it. */
  readonly hardLinks: boolean;
  /** Kept: as they are, set-id refused. Plain: 0755 for directories and what its owner may execute, else 0644. */
  readonly modes: "kept" | "plain";
  readonly maxFiles: number;
  readonly maxTotalBytes: number;
}

const chunkBytes = 256 * 1024;

/** Lists what is in a directory of this host, never following a link, never opening anything but regular files. */
export class Walk {
  readonly entries: TreeEntry[] = [];
  readonly #root: string;
  readonly #rules: WalkRules;
  readonly #device: number;
  #totalBytes = 0;

  private constructor(root: string, rules: WalkRules, device: number) {
    this.#root = root;
    this.#rules = rules;
    this.#device = device;
  }

  static async start(root: string, rules: WalkRules): Promise<Walk> {
    const stats = await lstat(root);
    if (!stats.isDirectory())
      throw treesFault("trees/special-file", `"${root}" is not a directory`, { subject: root });
    return new Walk(root, rules, stats.dev);
  }

  /** Adds everything below a path of the tree; "" is its root, which itself is no entry. */
  async addBelow(path: string): Promise<void> {
    const names = await readdir(join(this.#root, path), { encoding: "buffer" });
    for (const name of names) {
      const below = path === "" ? decodeName(name) : `${path}/${decodeName(name)}`;
      await this.add(parseTreePath(below));
    }
  }

  /** Adds a path of the tree and, if it is a directory, everything below it. */
  async add(path: string): Promise<void> {
    const stats = await lstat(join(this.#root, path));
    this.#check(path, stats);
    this.entries.push(await this.#entryOf(path, stats));
    if (stats.isDirectory()) await this.addBelow(path);
  }

  #check(path: string, stats: Stats): void {
    const refuse = (code: Parameters<typeof treesFault>[0], message: string): never => {
      throw treesFault(code, `"${path}" ${message}`, { subject: path });
    };
    this.#totalBytes += stats.isFile() ? stats.size : 0;
    if (stats.dev !== this.#device) refuse("trees/other-device", "is on another file system than its tree");
    if (stats.isSymbolicLink() && !this.#rules.symlinks) refuse("trees/symlink", "is a symbolic link");
    if (stats.isFile() && stats.nlink !== 1 && !this.#rules.hardLinks)
      refuse("trees/hard-link", "has another name");
    if (this.entries.length >= this.#rules.maxFiles) refuse("trees/too-many-files", "is one file too many");
    if (this.#totalBytes > this.#rules.maxTotalBytes) refuse("trees/too-large", "makes the tree too large");
  }

  async #entryOf(path: string, stats: Stats): Promise<TreeEntry> {
    if (stats.isSymbolicLink()) return { kind: "symlink", path, target: await this.#readTarget(path) };
    const mode = this.#modeOf(path, stats);
    if (stats.isDirectory()) return { kind: "directory", path, mode };
    if (!stats.isFile()) {
      throw treesFault("trees/special-file", `"${path}" is neither file, directory nor link`, {
        subject: path,
      });
    }
    const source = join(this.#root, path);
    return {
      kind: "file",
      path,
      mode,
      sizeBytes: stats.size,
      content: () => readFileOnce(source, path, stats),
    };
  }

  #modeOf(path: string, stats: Stats): number {
    if (this.#rules.modes === "plain")
      return stats.isDirectory() || (stats.mode & 0o100) !== 0 ? 0o755 : 0o644;
    if ((stats.mode & 0o6000) !== 0)
      throw treesFault("trees/set-id", `"${path}" has a set-id bit`, { subject: path });
    return stats.mode & 0o1777;
  }

  async #readTarget(path: string): Promise<string> {
    return decodeName(await readlink(join(this.#root, path), { encoding: "buffer" }));
  }
}

// O_NONBLOCK, so that a FIFO put in the file's place would be found out and not waited for.
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function* readFileOnce(source: string, path: string, expected: Stats): AsyncGenerator<Uint8Array> {
  if (expected.size <= chunkBytes) {
    yield readSmallFile(source, path, expected);
    return;
  }
  const handle = await open(source, readFlags);
  try {
    checkSame(path, await handle.stat(), expected);
    for (let left = expected.size; left > 0;) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(Math.min(left, chunkBytes)));
      if (bytesRead === 0) return;
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

// Most files are small, and four trips to the thread pool for each of thousands cost more than the reading itself.
function readSmallFile(source: string, path: string, expected: Stats): Uint8Array {
  const file = openSync(source, readFlags);
  try {
    checkSame(path, fstatSync(file), expected);
    const content = new Uint8Array(expected.size);
    return content.subarray(0, readSync(file, content));
  } finally {
    closeSync(file);
  }
}

function checkSame(path: string, stats: Stats, expected: Stats): void {
  const isSame = stats.ino === expected.ino && stats.dev === expected.dev && stats.size === expected.size;
  if (!isSame || !stats.isFile()) {
    throw treesFault("trees/changed", `"${path}" is not the file that was there a moment ago`, {
      subject: path,
    });
  }
}

function decodeName(name: Uint8Array): string {
  try {
    return parseUtf8(name);
  } catch (cause) {
    throw treesFault("trees/name", "a name in the tree is not valid UTF-8", {
      subject: Buffer.from(name).toString("latin1"),
      cause,
    });
  }
}
