import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { hasErrno } from "./faults.ts";

export interface DurableFileOptions {
  /** Permission bits of the file; 0o644 unless said otherwise. */
  readonly mode?: number;
}

/**
 * Puts a whole file in place, or nothing: after it returns, the content survives a power cut, and no reader ever
 * sees a part of it. An older file of that name is replaced.
 *
 * The parent directory must exist. A crash may leave a `….tmp` file behind, never a torn one.
 */
export async function replaceFile(
  path: string,
  content: Uint8Array,
  options: DurableFileOptions = {},
): Promise<void> {
  const staged = await stageFile(path, content, options);
  try {
    await rename(staged, path);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/**
 * As {@link replaceFile}, but the first writer wins: false, and nothing changed, when the name is taken.
 */
export async function createFile(
  path: string,
  content: Uint8Array,
  options: DurableFileOptions = {},
): Promise<boolean> {
  const staged = await stageFile(path, content, options);
  try {
    await link(staged, path);
    return true;
  } catch (error) {
    if (hasErrno(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(staged, { force: true });
    await syncDirectory(dirname(path));
  }
}

/** Makes the directory and its missing parents, and each new name in its parent durable. */
export async function makeDirectory(path: string, mode = 0o755): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode });
  if (first === undefined) return;
  const top = dirname(first);
  for (let at = path; at.length > top.length; at = dirname(at)) await syncDirectory(dirname(at));
}

/** Makes the names in a directory durable (fsync). */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function stageFile(path: string, content: Uint8Array, options: DurableFileOptions): Promise<string> {
  const staged = `${path}.${randomUUID()}.tmp`;
  const file = await open(staged, "wx", options.mode ?? 0o644);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return staged;
}
