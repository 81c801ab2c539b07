import { CustodyError } from "custody/ground";

export type FilesFaultCode = "files/disk-full" | "files/unavailable";

/** What a failed system call on a file means: `files/disk-full` when space or quota ran out, else `files/unavailable`. */
export function fileFault(cause: unknown, subject: string): CustodyError<FilesFaultCode> {
  return hasErrno(cause, "ENOSPC", "EDQUOT", "EFBIG")
    ? new CustodyError("files/disk-full", "there is no space left to write", {
        subject,
        next: "free some space on the disk, then try again",
        cause,
      })
    : new CustodyError("files/unavailable", `the file could not be read or written: ${messageOf(cause)}`, {
        subject,
        cause,
      });
}

/** True for an error of the operating system with one of these names (`ENOENT`, `EEXIST` …). */
export function hasErrno(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && "code" in error && names.includes(String(error.code));
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
