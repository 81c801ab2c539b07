import { readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import type { RegoValue } from "custody/rego";
import { parseDocuments } from "custody/rego/bundle";

import { LoadError } from "./load-error.ts";

/**
 * The documents of a file, JSON or YAML by its name.
 *
 * @throws LoadError
 */
export function readDocuments(path: string): readonly RegoValue[] {
  try {
    return parseDocuments(path, readFileSync(path, "utf8"));
  } catch (error) {
    throw new LoadError([error]);
  }
}

/** Below directories: only what stands in them, or whatever is anywhere below. */
export type Depth = "all" | "one";

/**
 * The files that paths name, and those that end in .yaml, .yml or .json in directories, in the order of their names.
 *
 * @throws LoadError for what is not there.
 */
export async function findDocumentFiles(paths: readonly string[], depth: Depth): Promise<readonly string[]> {
  try {
    const found = await Promise.all(paths.map((path) => filesOf(path, depth)));
    return found.flat();
  } catch (error) {
    throw new LoadError([error]);
  }
}

async function filesOf(path: string, depth: Depth): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: depth === "all" });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:json|ya?ml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
