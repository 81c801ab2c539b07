import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";

import { unpackBundle } from "@custody/node/rego-bundles";
import { CustodyError } from "custody/ground";
import { readBundle } from "custody/rego/bundle";
import type { Bundle, BundleFiles } from "custody/rego/bundle";

import { isIgnored } from "./load.ts";
import type { LoadOptions, Loaded } from "./load.ts";
import { versionOf } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";

/** The largest archive, unpacked. */
const sizeLimitBytes = 1024 * 1024 * 1024;

/** A bundle and the files that it was read from. */
export interface LoadedBundle {
  readonly bundle: Bundle;
  readonly files: BundleFiles;
  readonly isDirectory: boolean;
}

/** Loads bundles: directories with a bundle's files, or `.tar.gz` archives of one. */
export async function loadBundles(
  paths: readonly string[],
  options: LoadOptions & LanguageOptions,
): Promise<readonly Loaded[]> {
  const loaded: Loaded[] = [];
  for (const path of paths) {
    const { bundle } = await loadBundle(path, options);
    loaded.push({ sources: bundle.modules, data: bundle.data });
  }
  return loaded;
}

/** @throws CustodyError `cli/bundle` that names the bundle. */
export async function loadBundle(
  path: string,
  options: LoadOptions & LanguageOptions,
): Promise<LoadedBundle> {
  const isDirectory = (await stat(path)).isDirectory();
  try {
    const files = isDirectory
      ? await directoryFiles(path, options)
      : await unpackBundle(await readFile(path), sizeLimitBytes);
    const prefix = isDirectory ? `${path.replace(/\/+$/, "")}/` : "/";
    return { bundle: readBundle(files, { prefix, version: versionOf(options) }), files, isDirectory };
  } catch (cause) {
    if (!(cause instanceof CustodyError) || cause.code === "rego/parse") throw cause;
    throw new CustodyError("cli/bundle", `bundle ${path}: ${cause.message}`, { subject: path, cause });
  }
}

/** The files under the names that signatures know them by: those of a directory begin with it, as in OPA. */
export function signedFiles(path: string, { files, isDirectory }: LoadedBundle): BundleFiles {
  const prefix = isDirectory ? `${path.replace(/^(?:\.?\/)+|\/+$/g, "")}/` : "";
  return new Map([...files].map(([name, bytes]) => [prefix === "./" ? name : prefix + name, bytes]));
}

async function directoryFiles(directory: string, { ignore = [] }: LoadOptions): Promise<BundleFiles> {
  const files = new Map<string, Uint8Array>();
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const name = relative(directory, file);
    const isLeftOut = name.split("/").some((part) => isIgnored(part, ignore));
    if (!isLeftOut) files.set(name, await readFile(file));
  }
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
