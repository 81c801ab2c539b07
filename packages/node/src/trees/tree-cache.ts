import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { hasErrno } from "@custody/node/files";
import type { Trees } from "custody/factory";
import type { Digest } from "custody/ground";
import { formatDigest, hexOf } from "custody/ground";

import { treesFault } from "./faults.ts";
import { hashTree } from "./pack.ts";
import { findStats } from "./stats.ts";
import { unpackLayers, unpackTree } from "./unpack.ts";

/** Opens an archive by its digest; what comes is checked against it. */
export type OpenArchive = (digest: Digest) => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;

const stagingPrefix = "staging-";

/**
 * Unpacked trees, kept by the digests of the archives they come from. One process owns the directory.
 *
 * A tree appears under its name only when all of it is there and every archive had its digest: what a killed process
 * leaves half done is never used, and is removed by the next {@link open}.
 */
export class TreeCache implements Trees {
  readonly #directory: string;
  readonly #openArchive: OpenArchive;
  readonly #underWay = new Map<string, Promise<string>>();

  private constructor(directory: string, openArchive: OpenArchive) {
    this.#directory = directory;
    this.#openArchive = openArchive;
  }

  static async open(directory: string, openArchive: OpenArchive): Promise<TreeCache> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const names = await readdir(directory);
    for (const name of names.filter((name) => name.startsWith(stagingPrefix))) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
    return new TreeCache(directory, openArchive);
  }

  /**
   * Where the tree of these archives, lowest first, lies unpacked; it is unpacked if it is not there yet, once for all
   * that ask at the same time. It is for reading only: whoever writes to it is found out by hashing it again.
   *
   * @throws CustodyError `trees/digest` when an archive is not what its digest says; what unpacking throws.
   */
  async place(...layers: readonly [Digest, ...Digest[]]): Promise<string> {
    const name = nameOf(layers);
    const underWay = this.#underWay.get(name);
    if (underWay !== undefined) return underWay;
    const work = this.#findOrUnpack(name, layers).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, work);
    return work;
  }

  /** The digest that the archive of what lies at a place now has; see {@link hashTree}. */
  async hash(place: string): Promise<Digest> {
    return hashTree(place);
  }

  /** Takes a tree away, so that the next {@link place} unpacks it again; nothing may be using it. */
  async forget(...layers: readonly [Digest, ...Digest[]]): Promise<void> {
    const staged = join(this.#directory, `${stagingPrefix}${randomUUID()}`);
    await rename(join(this.#directory, nameOf(layers)), staged).catch(ignoreMissing);
    await rm(staged, { recursive: true, force: true });
  }

  async #findOrUnpack(name: string, layers: readonly Digest[]): Promise<string> {
    const place = join(this.#directory, name);
    if ((await findStats(place)) !== undefined) return place;
    const staged = join(this.#directory, `${stagingPrefix}${randomUUID()}`);
    try {
      await this.#unpack(layers, staged);
      await rename(staged, place);
    } catch (error) {
      await rm(staged, { recursive: true, force: true });
      throw error;
    }
    return place;
  }

  // A tree that is no image may hold names that would be whiteouts in a layer.
  async #unpack(layers: readonly Digest[], directory: string): Promise<void> {
    const [lowest, ...more] = await Promise.all(layers.map((digest) => this.#openChecked(digest)));
    if (lowest !== undefined && more.length === 0) await unpackTree(lowest, directory);
    else if (lowest !== undefined) await unpackLayers([lowest, ...more], directory);
  }

  async #openChecked(digest: Digest): Promise<AsyncIterable<Uint8Array>> {
    return checked(await this.#openArchive(digest), digest);
  }
}

async function* checked(archive: AsyncIterable<Uint8Array>, expected: Digest): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of archive) {
    hash.update(chunk);
    yield chunk;
  }
  if (formatDigest(hash.digest()) !== expected) {
    throw treesFault("trees/digest", "an archive is not what its digest says", { subject: expected });
  }
}

function nameOf(layers: readonly Digest[]): string {
  const [only, ...more] = layers;
  if (only !== undefined && more.length === 0) return hexOf(only);
  return createHash("sha256").update(layers.join("\n")).digest("hex");
}

function ignoreMissing(error: unknown): void {
  if (!hasErrno(error, "ENOENT")) throw error;
}
