import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Bytes } from "custody/ground";

/** A real repository in a temporary folder, and keys made for this one test. */
export interface TestRepository extends Disposable {
  readonly directory: string;
  git(...args: string[]): string;
  makeKey(name: string, type?: string): { readonly publicLine: string; readonly path: string };
  commit(file: string, content: string, keyPath?: string): string;
  object(type: string, id: string): Bytes;
}

export function makeTestRepository(): TestRepository {
  const directory = mkdtempSync(join(tmpdir(), "custody-git-"));
  const run = (command: string, args: readonly string[]): Buffer =>
    execFileSync(command, args, {
      cwd: directory,
      env: environmentOf(directory),
      stdio: ["ignore", "pipe", "ignore"],
    });
  const git = (...args: string[]): string => run("git", args).toString().trim();
  git("init", "-q", "-b", "main");
  return {
    directory,
    git,
    makeKey(name, type = "ed25519") {
      const path = join(directory, ".git", name);
      run("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", name, "-f", path]);
      return {
        path,
        publicLine: run("cat", [`${path}.pub`])
          .toString()
          .trim(),
      };
    },
    commit(file, content, keyPath) {
      writeFileSync(join(directory, file), content);
      git("add", "-A");
      const signing = keyPath ? ["-c", "gpg.format=ssh", "-c", `user.signingkey=${keyPath}`] : [];
      git(...signing, "commit", "-q", ...(keyPath ? ["-S"] : []), "-m", `Change ${file}`);
      return git("rev-parse", "HEAD");
    },
    object: (type, id) => new Uint8Array(run("git", ["cat-file", type, id])),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function environmentOf(home: string): NodeJS.ProcessEnv {
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
