import { createHash } from "node:crypto";

import { ReaderPool, runGit } from "@custody/node/git";
import { exportTree } from "custody/control";
import type { ResourceDescriptor } from "custody/evidence";
import { parseCommit, parseObjectId } from "custody/git";
import { CustodyError } from "custody/ground";
import { writeTar } from "custody/tar";

import { recorderFault } from "./faults.ts";
import { recordedRemote } from "./withhold.ts";

/** What a work tree says of itself. */
export interface GitState {
  readonly commit: string;
  readonly tree: string;
  /** The branch, where one is checked out. */
  readonly branch: string | undefined;
  /** Where it was cloned from, without user, password and query. */
  readonly remote: string | undefined;
  /** Tracked files that are not as in the commit, and files that nobody tracks or ignores. */
  readonly changed: readonly string[];
  /** The commit's tree as Custody hands it on: the same digest as that of the step `source`. */
  readonly source: ResourceDescriptor;
}

const maxObjectBytes = 100 * 1024 * 1024;
const maxChanged = 100;
// CI systems check out as one user and build as another; what is read is checked against its ids.
const safe = ["-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];

/**
 * The state of the work tree that a directory is in, or undefined where it is in none.
 *
 * @throws CustodyError `git/…`; `recorder/dirty` for a repository without a commit.
 */
export async function findGitState(directory: string): Promise<GitState | undefined> {
  const git = (...args: readonly string[]): Promise<string> => runGit(["-C", directory, ...safe, ...args]);
  const gitDirectory = await git("rev-parse", "--absolute-git-dir").catch(absentAsUndefined);
  if (gitDirectory === undefined) return undefined;
  const id = await git("rev-parse", "--verify", "HEAD^{commit}").catch(() => {
    throw recorderFault("recorder/dirty", "the repository has no commit", { next: "commit first" });
  });
  const changed = await git("diff", "--name-only", "--no-ext-diff", "-z", "HEAD", "--");
  const untracked = await git("ls-files", "--others", "--exclude-standard", "-z");
  const branch = await git("symbolic-ref", "--quiet", "--short", "HEAD").catch(() => undefined);
  const remote = await git("config", "--get", "remote.origin.url").catch(() => undefined);
  const { tree, sha256 } = await hashSource(gitDirectory, id);
  return {
    commit: id,
    tree,
    branch,
    remote: remote && recordedRemote(remote),
    changed: `${changed}\0${untracked}`.split("\0").filter(Boolean).slice(0, maxChanged),
    source: { name: "source", digest: { sha256, gitCommit: id, gitTree: tree } },
  };
}

function absentAsUndefined(error: unknown): undefined {
  if (error instanceof CustodyError && error.code === "git/failed") return undefined;
  throw error;
}

async function hashSource(gitDirectory: string, id: string): Promise<{ tree: string; sha256: string }> {
  const readers = new ReaderPool(maxObjectBytes);
  return readers.use(gitDirectory, async (reader) => {
    const { tree } = parseCommit(await reader.read(parseObjectId(id), "commit"));
    const entries = await exportTree((object, type) => reader.read(object, type), tree);
    const hash = createHash("sha256");
    for await (const chunk of writeTar(entries)) hash.update(chunk);
    return { tree, sha256: hash.digest("hex") };
  });
}
