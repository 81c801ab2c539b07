import { parseUtf8 } from "custody/ground";

import { RegoFault } from "../faults.ts";
import { parseModule } from "../syntax/index.ts";
import type { RegoVersion, Source } from "../syntax/index.ts";
import { isObject, objectEntries } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import { objectName } from "../values/json-text.ts";
import { mergeDocuments, parseDataFile, placedAt } from "./documents.ts";
import { isWithin, noManifest, parseManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { signaturesFile } from "./signatures.ts";

/** The files of a bundle by their paths, without a slash before them. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

/** Policies and data that belong together. */
export interface Bundle {
  readonly manifest: Manifest;
  readonly data: AnyObject;
  readonly modules: readonly Source[];
  /** The data files, with the path below `data` that each fills. */
  readonly dataFiles: readonly { readonly file: string; readonly path: readonly string[] }[];
  /** The text of `.signatures.json`. */
  readonly signatures: string | undefined;
}

export interface ReadBundleOptions {
  /** What stands before the names of files in messages: the directory that they came from. */
  readonly prefix?: string;
  /** The language of modules where the manifest does not say. Default `v1`. */
  readonly version?: RegoVersion;
}

/**
 * The bundle that files make: modules, `data.json` and `data.yaml` at the path of their directory, `.manifest`. Other
 * files are none of its own.
 *
 * @throws RegoFault `rego/bundle` for data or a module outside of the manifest's roots; what data files and modules
 * themselves are refused for.
 */
export function readBundle(
  files: BundleFiles,
  { prefix = "", version = "v1" }: ReadBundleOptions = {},
): Bundle {
  const textOf = (name: string): string | undefined => {
    const bytes = files.get(name);
    return bytes && parseUtf8(bytes);
  };
  const manifestText = textOf(".manifest");
  const manifest = manifestText === undefined ? noManifest : parseManifest(manifestText);
  const names = [...files.keys()].sort();
  const dataFiles = names
    .filter(isBundleData)
    .map((name) => ({ file: prefix + name, name, path: pathOf(name) }));
  const data = dataFiles.reduce<AnyObject>((whole, { name, file, path }) => {
    const document = placedAt(path, parseDataFile(file, textOf(name) ?? ""));
    if (!isObject(document)) throw new RegoFault("rego/bundle", `${file}: the top of data must be an object`);
    return mergeDocuments(whole, document, file);
  }, {});
  const modules = names
    .filter((name) => name.endsWith(".rego"))
    .map((name) => ({ file: prefix + name, text: textOf(name) ?? "" }));
  checkRoots(manifest, data, modules, manifest.regoVersion === 0 ? "v0" : version);
  return {
    manifest,
    data,
    modules,
    dataFiles: dataFiles.map(({ file, path }) => ({ file, path })),
    signatures: textOf(signaturesFile),
  };
}

function isBundleData(name: string): boolean {
  return /(?:^|\/)data\.(?:json|ya?ml)$/.test(name);
}

function pathOf(name: string): readonly string[] {
  return name.split("/").slice(0, -1);
}

/**
 * Nothing of a bundle is outside of its roots.
 *
 * @throws RegoFault `rego/bundle`.
 */
export function checkRoots(
  { roots }: Pick<Manifest, "roots">,
  data: AnyObject,
  modules: readonly Source[],
  version: RegoVersion,
): void {
  if (roots.includes("")) return;
  const said = `manifest roots [${roots.join(" ")}] do not permit`;
  for (const source of modules) {
    const path = parseModule(source, { version }).package;
    if (!roots.some((root) => isWithin(path.join("/"), root))) {
      throw new RegoFault("rego/bundle", `${said} 'package ${path.join(".")}' in module '${source.file}'`);
    }
  }
  const outside = findOutside(data, roots, "");
  if (outside === undefined) return;
  const hint = "(hint: check bundle directory structure)";
  throw new RegoFault("rego/bundle", `${said} data at path '/${outside}' ${hint}`);
}

/** The first path that holds something and neither is within a root nor leads to one. */
function findOutside(value: RegoValue, roots: readonly string[], path: string): string | undefined {
  if (roots.some((root) => isWithin(path, root))) return undefined;
  const leads = path === "" || roots.some((root) => isWithin(root, path));
  if (!leads || !isObject(value)) return path;
  for (const [key, member] of objectEntries(value)) {
    const name = objectName(key);
    const outside = findOutside(member, roots, path === "" ? name : `${path}/${name}`);
    if (outside !== undefined) return outside;
  }
  return undefined;
}
