import type { ObjectId, ObjectType } from "custody/git";
import { hashNameOf, parseTree } from "custody/git";
import { CustodyError, parseUtf8 } from "custody/ground";
import type { Bytes } from "custody/ground";
import type { TreeEntry } from "custody/tar";

/** Reads objects of one repository, each checked against its id. */
export type ReadObject = (id: ObjectId, type: ObjectType) => Promise<Bytes>;

const maxFiles = 50_000;
const maxTotalBytes = 1024 * 1024 * 1024;
const maxDepth = 64;
const fileMode = 0o644;
const executableMode = 0o755;

/**
 * The files of a tree object, from that very object: no index, no checkout, no filters, no attributes.
 *
 * @throws CustodyError `source/too-large`, `source/link` for a link that leads out of the tree, `git/…`.
 */
export async function exportTree(read: ReadObject, tree: ObjectId): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const budget = { bytes: maxTotalBytes };
  await exportInto(entries, { read, budget, depth: 0 }, tree, "");
  return entries;
}

interface Walk {
  readonly read: ReadObject;
  readonly budget: { bytes: number };
  readonly depth: number;
}

async function exportInto(entries: TreeEntry[], walk: Walk, tree: ObjectId, prefix: string): Promise<void> {
  if (walk.depth > maxDepth) throw tooLarge(`directories nest deeper than ${maxDepth}`);
  const idBytes = hashNameOf(tree) === "sha1" ? 20 : 32;
  for (const { kind, name, id } of parseTree(await walk.read(tree, "tree"), idBytes)) {
    const path = `${prefix}${name}`;
    if (entries.length >= maxFiles) throw tooLarge(`the tree has more than ${maxFiles} entries`);
    if (kind === "directory") {
      entries.push({ kind, path, mode: executableMode });
      await exportInto(entries, { ...walk, depth: walk.depth + 1 }, id, `${path}/`);
    } else {
      entries.push(await exportBlob(walk, { path, kind, id }));
    }
  }
}

async function exportBlob(
  { read, budget }: Walk,
  { path, kind, id }: { path: string; kind: "file" | "executable" | "symlink"; id: ObjectId },
): Promise<TreeEntry> {
  const content = await read(id, "blob");
  budget.bytes -= content.length;
  if (budget.bytes < 0) throw tooLarge(`the files hold more than ${maxTotalBytes} bytes`);
  if (kind === "symlink") return { kind, path, target: linkTarget(path, content) };
  return {
    kind: "file",
    path,
    mode: kind === "executable" ? executableMode : fileMode,
    sizeBytes: content.length,
    // Read again when it is needed, so that a large tree is never in memory as a whole.
    content: async function* () {
      yield await read(id, "blob");
    },
  };
}

function linkTarget(path: string, content: Bytes): string {
  let target: string;
  try {
    target = parseUtf8(content);
  } catch (cause) {
    throw linkFault(path, "has a target that is not UTF-8", cause);
  }
  if (leavesTree(path, target)) throw linkFault(path, `leads out of the tree, to "${target.slice(0, 200)}"`);
  return target;
}

// By the names alone. What is outside is in no commit, and nobody signed it; that a step cannot reach the host through
// a link, whatever it is made of, is the sandbox's business.
function leavesTree(path: string, target: string): boolean {
  let depth = target.startsWith("/") ? -1 : path.split("/").length - 1;
  for (const part of target.split("/")) {
    if (depth < 0) return true;
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
  }
  return depth < 0;
}

function linkFault(path: string, problem: string, cause?: unknown): CustodyError<"source/link"> {
  return new CustodyError("source/link", `the link ${JSON.stringify(path)} ${problem}`, {
    subject: path,
    next: "put a copy of what it names into the commit",
    cause,
  });
}

function tooLarge(message: string): CustodyError<"source/too-large"> {
  return new CustodyError("source/too-large", message, { next: "keep large files out of the repository" });
}
