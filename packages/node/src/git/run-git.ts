import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { CustodyError } from "custody/ground";

const execute = promisify(execFile);
const timeoutMilliseconds = 300_000;

/** Git without the user's or the machine's configuration, hooks, prompts or credentials. */
export function gitEnvironment(allowedProtocols = "file"): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    LANG: "C.UTF-8",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: allowedProtocols,
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_CEILING_DIRECTORIES: "/",
  };
}

/**
 * Runs git and gives its standard output.
 *
 * @throws CustodyError `git/failed` with git's last words; `git/absent` when there is no git.
 */
export async function runGit(
  args: readonly string[],
  options: { readonly protocols?: string } = {},
): Promise<string> {
  try {
    const { stdout } = await execute("git", args, {
      env: gitEnvironment(options.protocols),
      timeout: timeoutMilliseconds,
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout.trim();
  } catch (cause) {
    throw faultOf(cause as NodeJS.ErrnoException & { stderr?: string }, args);
  }
}

function faultOf(cause: NodeJS.ErrnoException & { stderr?: string }, args: readonly string[]): CustodyError {
  if (cause.code === "ENOENT") {
    return new CustodyError("git/absent", "git is not installed", { next: "install git", cause });
  }
  if (/No space left on device|Disk quota exceeded/.test(cause.stderr ?? "")) {
    return new CustodyError("files/disk-full", "there is no space left for the repository", {
      next: "free some space on the disk, then try again",
      cause,
    });
  }
  const words = cause.stderr?.trim().split("\n").slice(-2).join("; ") ?? cause.message;
  const verb = args.find((word) => !word.startsWith("-") && !word.includes("/") && !word.includes("="));
  return new CustodyError("git/failed", `git ${verb ?? ""} failed: ${words.slice(0, 500)}`, { cause });
}
