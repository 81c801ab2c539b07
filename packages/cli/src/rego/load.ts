import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, matchesGlob } from "node:path";

import { moduleText, RegoFault } from "custody/rego";
import type { AnyObject, RegoValue, Source } from "custody/rego";
import { isObject } from "custody/rego";
import { isDataFile, mergeDocuments, parseDataFile, placedAt } from "custody/rego/bundle";

import { LoadError } from "./load-error.ts";

/** What files held: modules, in the order of their names, and data. */
export interface Loaded {
  readonly sources: readonly Source[];
  readonly data: AnyObject;
}

export interface LoadOptions {
  /** Names of files and directories to leave out; `*` stands for any characters. */
  readonly ignore?: readonly string[];
  /** Only modules. */
  readonly onlyModules?: boolean;
}

interface Found {
  readonly file: string;
  /** Where below `data` a data file goes. */
  readonly place: readonly string[];
  /** It was named, and not found in a directory. */
  readonly isNamed: boolean;
}

/**
 * Loads files and directories as OPA does: what a directory holds goes below `data` by the names of the directories
 * within it, a file that is named goes to the top, and `a.b:path` puts either below `data.a.b`.
 *
 * @throws LoadError with everything that could not be loaded.
 */
export async function loadPaths(paths: readonly string[], options: LoadOptions = {}): Promise<Loaded> {
  const problems: unknown[] = [];
  const found: Found[] = [];
  for (const path of paths) {
    await findFiles(path, options)
      .then((files) => found.push(...files))
      .catch((error: unknown) => problems.push(error));
  }
  const sources: Source[] = [];
  let data: AnyObject = {};
  for (const one of found) {
    try {
      const bytes = await readFile(one.file);
      if (one.file.endsWith(".rego")) sources.push({ file: one.file, text: moduleText(bytes) });
      else if (!options.onlyModules) data = withData(data, one, bytes.toString());
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length > 0) throw new LoadError(problems);
  return { sources: sources.toSorted((a, b) => (a.file < b.file ? -1 : 1)), data };
}

function withData(data: AnyObject, { file, place, isNamed }: Found, text: string): AnyObject {
  if (!isDataFile(file)) {
    if (!isNamed) return data;
    throw new RegoFault("rego/parse", `${file}: unrecognized file`, {
      subject: file,
      next: "name it .rego, .json, .yaml or .yml",
    });
  }
  const document: RegoValue = placedAt(place, parseDataFile(file, text));
  if (!isObject(document)) throw new RegoFault("rego/parse", `${file}: document must be of type object`);
  return mergeDocuments(data, document, file);
}

async function findFiles(given: string, options: LoadOptions): Promise<readonly Found[]> {
  const [, prefix, path = given] = /^([\w.]+):(.+)$/.exec(given.replace(/^file:\/\//, "")) ?? [];
  const place = prefix === undefined ? [] : prefix.split(".").filter((name, i) => i > 0 || name !== "data");
  const info = await stat(path);
  if (!info.isDirectory()) return [{ file: path, place, isNamed: true }];
  return findIn(path, place, options);
}

async function findIn(
  directory: string,
  place: readonly string[],
  options: LoadOptions,
): Promise<readonly Found[]> {
  const names = (await readdir(directory, { withFileTypes: true }))
    .filter(({ name }) => !isIgnored(name, options.ignore ?? []))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const found: Found[] = [];
  for (const entry of names) {
    const file = join(directory, entry.name);
    const isDirectory = entry.isDirectory() || (entry.isSymbolicLink() && (await stat(file)).isDirectory());
    if (isDirectory) found.push(...(await findIn(file, [...place, entry.name], options)));
    else if (/\.(?:rego|json|ya?ml)$/.test(entry.name)) found.push({ file, place, isNamed: false });
  }
  return found;
}

/** By name or by pattern: `.*`, `*_test.rego`. */
export function isIgnored(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(basename(path), pattern));
}

/** Everything that several loads gave; their data is merged. */
export function mergeLoaded(parts: readonly Loaded[]): Loaded {
  return {
    sources: parts.flatMap(({ sources }) => sources),
    data: parts.reduce<AnyObject>((data, part) => mergeDocuments(data, part.data, "data"), {}),
  };
}
