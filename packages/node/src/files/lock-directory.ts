import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";

import { CustodyError } from "custody/ground";

/** A directory held by this process alone, until it is released or the process ends, however it ends. */
export interface DirectoryLock {
  release(): Promise<void>;
}

export type LockFaultCode = "files/locked" | "files/lock-failed";

/**
 * Takes a directory for this process. The lock is the kernel's (flock(2) on `DIRECTORY/lock`), so that neither a
 * crash nor a reused process id can leave it behind or break it; the owner's id in the file is for people.
 *
 * @throws CustodyError `files/locked`, with the owner's process id in `details.pid` where it is known;
 * `files/lock-failed` when the system has no `flock` command or the file cannot be opened.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, "lock");
  const file = await open(path, "a+", 0o600).catch((cause: unknown) => {
    throw lockFailed(path, cause);
  });
  try {
    if (!(await tryLock(file, path))) throw await locked(file, directory);
    await file.truncate(0);
    await file.appendFile(`${process.pid}\n`);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { release: () => file.close() };
}

// flock(2) belongs to the open file, which the child shares with us: the lock stays when the child has gone.
async function tryLock(file: FileHandle, path: string): Promise<boolean> {
  const child = spawn("flock", ["--exclusive", "--nonblock", "3"], {
    stdio: ["ignore", "ignore", "ignore", file.fd],
  });
  const [code] = (await once(child, "exit").catch((cause: unknown) => {
    throw lockFailed(path, cause);
  })) as [number | null];
  if (code === 0 || code === 1) return code === 0;
  throw lockFailed(path);
}

async function locked(file: FileHandle, directory: string): Promise<Error> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
  const pid = Number.parseInt(buffer.toString("latin1", 0, bytesRead), 10);
  const owner = Number.isNaN(pid) ? "another process" : `process ${pid}`;
  return new CustodyError<LockFaultCode>("files/locked", `${owner} already runs on this directory`, {
    subject: directory,
    next: "stop it first, or use another directory",
    ...(Number.isNaN(pid) ? {} : { details: { pid } }),
  });
}

function lockFailed(subject: string, cause?: unknown): CustodyError<LockFaultCode> {
  return new CustodyError("files/lock-failed", "the directory could not be locked", {
    subject,
    next: "make it writable, and install the flock command (Debian package util-linux)",
    cause,
  });
}
