import { globSync } from "node:fs";

/** The parts of a package.json that packing reads or writes; `files` are folders that are shipped as they are. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly type: "module";
  readonly exports: Exports;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
}

type Exports = Readonly<Record<string, string | ExportTarget>>;

interface ExportTarget {
  readonly types: string;
  readonly default: string;
}

/**
 * The manifest of the built package: every subpath is named, points at JavaScript and its types, and nothing that only
 * tests use can be reached.
 *
 * @param sources the package's folder in the repository, where `*` of a subpath is looked up.
 */
export function planManifest(manifest: PackageManifest, sources: string): PackageManifest {
  const { bin, name, version, description, license, type, dependencies, engines } = manifest;
  return {
    name,
    version,
    description,
    license,
    type,
    dependencies,
    engines,
    exports: planExports(manifest.exports, sources),
    ...(bin === undefined ? {} : { bin: mapValues(bin, toBuilt) }),
    files: ["dist", ...(manifest.files ?? [])],
  };
}

function planExports(exports: Exports, sources: string): Record<string, ExportTarget> {
  const targets = Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === "string" ? expand(subpath, target, sources) : [],
  );
  const published = targets.filter(([subpath]) => !subpath.endsWith(".testing"));
  return Object.fromEntries(published.map(([subpath, target]) => [subpath, exportOf(target)]));
}

function expand(subpath: string, target: string, sources: string): [string, string][] {
  if (!target.includes("*")) return [[subpath, target]];
  const [before = "", after = ""] = target.replace("./", "").split("*");
  return globSync(`${before}*${after}`, { cwd: sources })
    .toSorted()
    .map((path) => {
      const room = path.slice(before.length, path.length - after.length);
      return [subpath.replace("*", room), `./${path}`];
    });
}

function exportOf(target: string): ExportTarget {
  const built = toBuilt(target);
  return { types: built.replace(/\.js$/, ".d.ts"), default: built };
}

function toBuilt(path: string): string {
  return path.replace(/^\.\/src\//, "./dist/").replace(/\.ts$/, ".js");
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
