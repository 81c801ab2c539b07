import { execFile } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import type { RawCommit } from "custody/assurance";

const execute = promisify(execFile);
const examples = join(import.meta.dirname, "../examples");

/** A git repository made from one of the examples, with developers' keys of its own. */
export interface ExampleRepository {
  readonly directory: string;
  /** Public key files by developer. */
  readonly keys: Readonly<Record<"ada" | "mallory", string>>;
  /** Commits what is there; signed by the developer, or not at all. Answers with the commit's id. */
  commit(message: string, developer?: "ada" | "mallory"): Promise<string>;
  write(path: string, content: string): Promise<void>;
  read(commit: string): Promise<RawCommit>;
  git(...args: readonly string[]): Promise<string>;
}

/** Copies an example and makes it a repository; keys are made here and are gone with the directory. */
export async function makeExample(name: string, into: string): Promise<ExampleRepository> {
  const directory = join(into, name);
  const keyFolder = join(into, "developers");
  await cp(join(examples, name), directory, { recursive: true });
  await mkdir(keyFolder, { recursive: true, mode: 0o700 });
  const keyPath = (developer: string): string => join(keyFolder, `${name}-${developer}`);
  for (const developer of ["ada", "mallory"]) {
    await execute("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", developer, "-f", keyPath(developer)]);
  }
  const git = async (...args: readonly string[]): Promise<string> =>
    (await execute("git", ["-C", directory, ...args], { env: gitEnvironment(into) })).stdout.trim();
  await git("init", "--quiet", "--initial-branch=main");
  return {
    directory,
    keys: { ada: `${keyPath("ada")}.pub`, mallory: `${keyPath("mallory")}.pub` },
    git,
    write: (path, content) => writeFile(join(directory, path), content),
    async commit(message, developer) {
      await git("add", "--all");
      const signing = developer
        ? ["-c", "gpg.format=ssh", "-c", `user.signingkey=${keyPath(developer)}`]
        : [];
      await git(
        ...signing,
        "commit",
        "--quiet",
        "--allow-empty",
        ...(developer ? ["-S"] : []),
        "-m",
        message,
      );
      return git("rev-parse", "HEAD");
    },
    async read(commit) {
      const { stdout } = await execute("git", ["-C", directory, "cat-file", "commit", commit], {
        encoding: "buffer",
      });
      return { id: commit, object: new Uint8Array(stdout) };
    },
  };
}

// Whoever runs this may have a git configuration of their own; the example must not depend on it.
function gitEnvironment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.org",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.org",
  };
}
