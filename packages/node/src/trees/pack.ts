import { createHash } from "node:crypto";

import type { Bytes, Digest } from "custody/ground";
import { formatDigest } from "custody/ground";
import type { TreeEntry } from "custody/tar";
import { writeTar } from "custody/tar";

import type { WalkRules } from "./walk.ts";
import { Walk } from "./walk.ts";

const wholeTree: WalkRules = {
  symlinks: true,
  hardLinks: true,
  modes: "kept",
  maxFiles: 250_000,
  maxTotalBytes: 2 ** 34,
};

/**
 * Everything in a directory of this host, as it is now; contents are opened when they are asked for.
 *
 * @throws CustodyError `trees/…` for what an archive of ours cannot hold: devices, sockets, FIFOs, set-id bits,
 *   another file system, names that are not UTF-8; `tar/path` for names with control characters.
 */
export async function readTree(directory: string): Promise<TreeEntry[]> {
  const walk = await Walk.start(directory, wholeTree);
  await walk.addBelow("");
  return walk.entries;
}

/** The archive of a directory: the very bytes of the archive that it was unpacked from, when nothing has changed. */
export async function packTree(directory: string): Promise<ReadableStream<Bytes>> {
  return writeTar(await readTree(directory));
}

/** The digest of {@link packTree}, for asking whether a directory still is what it was. */
export async function hashTree(directory: string): Promise<Digest> {
  const hash = createHash("sha256");
  for await (const chunk of await packTree(directory)) hash.update(chunk);
  return formatDigest(hash.digest());
}
