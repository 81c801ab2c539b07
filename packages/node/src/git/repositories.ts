import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { ObjectId, ObjectType } from "custody/git";
import { parseObjectId } from "custody/git";
import type { Bytes } from "custody/ground";
import { CustodyError } from "custody/ground";
import { isRepositoryName } from "custody/oci";

import { ReaderPool } from "./reader-pool.ts";
import { runGit } from "./run-git.ts";

/** Larger blobs are refused: source is text, artifacts belong in the registry. */
const maxObjectBytes = 100 * 1024 * 1024;
const maxNameLength = 200;
const remoteProtocols = "https:http:ssh:git";

/** What came in: the commit that the sender's reference names. */
export interface ReceivedCommit {
  readonly commit: ObjectId;
  readonly ref: string;
}

/** Bare repositories, one for each delivered repository, that nobody but Custody writes to. */
export interface GitRepositories {
  /**
   * Takes in a git bundle file of one reference. Git checks its objects as they come only from version 2.46 on
   * (`fsckObjects`); those that are read are checked by us, whatever git did.
   *
   * @throws CustodyError `git/name`, `git/bundle`, `files/disk-full`.
   */
  receiveBundle(repository: string, bundlePath: string): Promise<ReceivedCommit>;
  /** Fetches one reference of a remote repository. */
  fetch(repository: string, url: string, ref: string): Promise<ReceivedCommit>;
  readObject(repository: string, id: ObjectId, type: ObjectType): Promise<Bytes>;
}

/** Opens the repositories below a directory, which is made when it is not there. */
export async function openRepositories(directory: string): Promise<GitRepositories> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // In one folder, without its slashes: no repository lies inside another's. Their names have no "+".
  const pathOf = (repository: string): string =>
    join(directory, `${parseRepositoryName(repository).replaceAll("/", "+")}.git`);
  const readers = new ReaderPool(maxObjectBytes);
  const made = new Map<string, Promise<unknown>>();
  const receive = async (
    repository: string,
    source: string,
    ref: string,
    protocols: string,
  ): Promise<ReceivedCommit> => {
    const path = pathOf(repository);
    await ensureRepository(made, path);
    // Of this delivery alone: two that come at once must not be given each other's commits.
    const landing = `refs/custody/incoming/${randomUUID()}`;
    const safe = ["-c", "fetch.fsckObjects=true", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"];
    await runGit(
      [...safe, "--git-dir", path, "fetch", "--quiet", "--no-tags", "--", source, `+${ref}:${landing}`],
      {
        protocols,
      },
    );
    const commit = parseObjectId(await runGit(["--git-dir", path, "rev-parse", `${landing}^{commit}`]));
    // Kept by its own name from here on.
    await runGit(["--git-dir", path, "update-ref", `refs/custody/commits/${commit}`, commit]);
    await runGit(["--git-dir", path, "update-ref", "-d", landing]);
    return { commit, ref };
  };
  return {
    async receiveBundle(repository, bundlePath) {
      pathOf(repository);
      const ref = await explain(() => refOfBundle(bundlePath), bundlePath);
      return explain(() => receive(repository, bundlePath, ref, "file"), bundlePath);
    },
    async fetch(repository, url, ref) {
      parseRemoteUrl(url);
      return receive(repository, url, ref, remoteProtocols);
    },
    readObject: (repository, id, type) => readers.use(pathOf(repository), (reader) => reader.read(id, type)),
  };
}

// What git says of a bundle is for who sent it: without the place where it lies here.
async function explain<T>(work: () => Promise<T>, bundlePath: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CustodyError) || error.code !== "git/failed") throw error;
    throw new CustodyError("git/bundle", error.message.replaceAll(bundlePath, "the bundle"), {
      next: "send a whole bundle of one reference: git bundle create FILE REF",
      cause: error,
    });
  }
}

// Made once in the life of this process: two inits of one folder at a time get in each other's way.
async function ensureRepository(made: Map<string, Promise<unknown>>, path: string): Promise<void> {
  const making = made.get(path) ?? runGit(["init", "--quiet", "--bare", "--template=", path]);
  made.set(path, making);
  try {
    await making;
  } catch (error) {
    made.delete(path);
    throw error;
  }
}

async function refOfBundle(bundlePath: string): Promise<string> {
  const heads = (await runGit(["bundle", "list-heads", bundlePath]))
    .split("\n")
    .filter((line) => line !== "");
  const [, ref] = heads[0]?.split(" ") ?? [];
  if (heads.length !== 1 || !ref) {
    throw new CustodyError("git/bundle", `the bundle holds ${heads.length} references; one is expected`, {
      next: "send a whole bundle of one reference: git bundle create FILE REF",
    });
  }
  return ref;
}

// A name that is no repository's must never become a path.
function parseRepositoryName(repository: string): string {
  if (repository.length <= maxNameLength && isRepositoryName(repository)) return repository;
  throw new CustodyError(
    "git/name",
    `${JSON.stringify(repository.slice(0, 100))} is not a repository's name`,
    {
      next: "use lowercase letters, digits, dots and dashes, with slashes between the parts",
    },
  );
}

/** @throws CustodyError `git/url` for anything but https, http, ssh or git URLs without credentials in them. */
export function parseRemoteUrl(text: string): URL {
  const url = URL.parse(text);
  const isKnown = url && ["https:", "http:", "ssh:", "git:"].includes(url.protocol) && url.hostname !== "";
  if (!isKnown || url.password !== "") {
    throw new CustodyError("git/url", "the repository's address is not a https, http, ssh or git URL", {
      next: "write it as https://host/path, without a password",
    });
  }
  return url;
}
