import type { Bytes } from "custody/ground";
import { CustodyError, parseUtf8, toHex } from "custody/ground";

import type { ObjectId } from "./object.ts";
import { parseObjectId } from "./object.ts";

/** One line of a tree object. */
export interface GitTreeEntry {
  readonly kind: "file" | "executable" | "symlink" | "directory";
  readonly name: string;
  readonly id: ObjectId;
}

const kinds: Readonly<Record<string, GitTreeEntry["kind"]>> = {
  "100644": "file",
  "100755": "executable",
  "120000": "symlink",
  "40000": "directory",
};
const maxEntries = 100_000;

/**
 * Reads a tree object (gitformat-pack) strictly. Submodules are refused: their content is not in the commit.
 *
 * @param idBytes 20 in SHA-1 repositories, 32 in SHA-256 ones.
 * @throws CustodyError `git/tree` for odd modes, names that leave the tree or touch `.git` and duplicates.
 */
export function parseTree(raw: Bytes, idBytes: 20 | 32): GitTreeEntry[] {
  const entries: GitTreeEntry[] = [];
  for (let at = 0; at < raw.length;) {
    if (entries.length >= maxEntries) throw treeFault(`it has more than ${maxEntries} entries`);
    const nul = raw.indexOf(0, at);
    const next = nul + 1 + idBytes;
    if (nul < 0 || next > raw.length) throw treeFault("an entry ends early");
    entries.push(readEntry(raw.subarray(at, nul), raw.subarray(nul + 1, next)));
    at = next;
  }
  checkNames(entries);
  return entries;
}

function readEntry(line: Bytes, id: Bytes): GitTreeEntry {
  const space = line.indexOf(0x20);
  const mode = String.fromCharCode(...line.subarray(0, Math.max(0, Math.min(space, 8))));
  const kind = kinds[mode];
  if (!kind) {
    const next =
      mode === "160000" ? "vendor the submodule's files: their content is not in the commit" : undefined;
    throw treeFault(`mode "${mode}" is not a file, link or directory`, next);
  }
  return { kind, name: parseName(line.subarray(space + 1)), id: parseObjectId(toHex(id)) };
}

function parseName(bytes: Bytes): string {
  const name = parseUtf8(bytes);
  const isOdd = name === "" || name === "." || name === ".." || name.includes("/") || hasControl(name);
  if (isOdd || name.toLowerCase() === ".git")
    throw treeFault(`the name ${JSON.stringify(name)} is not allowed`);
  return name;
}

function hasControl(name: string): boolean {
  return Array.from(name).some((letter) => letter < " " || letter === "\u007f");
}

// Two entries of one name would let two readers see two trees.
function checkNames(entries: readonly GitTreeEntry[]): void {
  const names = new Set(entries.map(({ name }) => name));
  if (names.size !== entries.length) throw treeFault("a name stands twice");
}

function treeFault(message: string, next?: string): CustodyError<"git/tree"> {
  return new CustodyError("git/tree", `the tree object is refused: ${message}`, next ? { next } : {});
}
