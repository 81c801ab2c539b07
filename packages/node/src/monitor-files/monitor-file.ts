import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { fileFault, hasErrno, makeDirectory, replaceFile } from "@custody/node/files";
import { CustodyError, parseJson, utf8 } from "custody/ground";
import type { MonitorState, MonitorStore } from "custody/monitor";
import { monitorFault } from "custody/monitor";

/**
 * A {@link MonitorStore} in a file of a directory. The caller holds the directory's lock.
 *
 * @throws CustodyError `monitor/state` for a file that it did not write, `files/…`.
 */
export async function openMonitorFile(directory: string): Promise<MonitorStore> {
  await makeDirectory(directory, 0o700);
  const path = join(directory, "state.json");
  return {
    find: () => findState(path),
    async keep(state) {
      try {
        await replaceFile(path, utf8(`${JSON.stringify(state)}\n`), { mode: 0o600 });
      } catch (error) {
        throw fileFault(error, path);
      }
    },
  };
}

async function findState(path: string): Promise<MonitorState | undefined> {
  try {
    return parseState(parseJson(new Uint8Array(await readFile(path))), path);
  } catch (error) {
    if (hasErrno(error, "ENOENT")) return undefined;
    if (error instanceof CustodyError) throw unreadable(path, error);
    throw fileFault(error, path);
  }
}

function parseState(value: unknown, path: string): MonitorState {
  const { checkpoint, read } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof checkpoint === "string" && typeof read === "number" && Number.isSafeInteger(read) && read >= 0) {
    return { checkpoint, read };
  }
  throw unreadable(path);
}

function unreadable(path: string, cause?: unknown): CustodyError {
  return monitorFault("monitor/state", "what the monitor remembers cannot be read", {
    subject: path,
    next: "restore it from a backup, or begin anew in another directory",
    cause,
  });
}
