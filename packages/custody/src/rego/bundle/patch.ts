import { parseUtf8 } from "custody/ground";
import * as v from "valibot";

import { RegoFault } from "../faults.ts";
import { isArray, isObject, objectGet, readJson } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import type { BundleFiles } from "./bundle.ts";
import { isWithin, noManifest, parseManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";

/** One change of a bundle's data; the path is as it was written, `/a/b`. */
type PatchOperation =
  | { readonly op: "upsert" | "replace"; readonly path: string; readonly value: RegoValue }
  | { readonly op: "remove"; readonly path: string };

/** A delta bundle: changes of the data of the one that has its name. */
export interface BundlePatch {
  readonly manifest: Manifest;
  readonly operations: readonly PatchOperation[];
}

const patchFile = "patch.json";

const operationShape = v.object({ op: v.picklist(["upsert", "replace", "remove"]), path: v.string() });

/**
 * The changes that the files of a delta bundle hold (`patch.json`, and a manifest); undefined for a bundle of another
 * kind.
 *
 * @throws RegoFault `rego/bundle` for a patch of another shape, for one outside of the manifest's roots, and for data or
 * policies beside it.
 */
export function readPatch(files: BundleFiles): BundlePatch | undefined {
  const bytes = files.get(patchFile);
  if (!bytes) return undefined;
  refuseOthers(files);
  const manifestBytes = files.get(".manifest");
  const manifest = manifestBytes ? parseManifest(parseUtf8(manifestBytes)) : noManifest;
  const operations = parseOperations(parseUtf8(bytes));
  for (const { path } of operations) refuseOutside(manifest, path.replace(/^\/+|\/+$/g, ""));
  return { manifest, operations };
}

function refuseOthers(files: BundleFiles): void {
  const names = [...files.keys()];
  const found = names.some((name) => /(?:^|\/)data\.(?:json|ya?ml)$/.test(name))
    ? "data"
    : names.some((name) => name.endsWith(".rego"))
      ? "policy"
      : undefined;
  if (found === undefined) return;
  throw new RegoFault(
    "rego/bundle",
    `delta bundle expected to contain only patch file but ${found} files found`,
  );
}

function parseOperations(text: string): readonly PatchOperation[] {
  const patch = readJson(text);
  const list = isObject(patch) ? (objectGet(patch, "data") ?? []) : undefined;
  if (list === undefined || !isArray(list))
    throw new RegoFault("rego/bundle", "patch.json: data is no list of changes");
  return list.map(parseOperation);
}

function parseOperation(item: RegoValue, index: number): PatchOperation {
  const parsed = v.safeParse(operationShape, item);
  if (!parsed.success) {
    throw new RegoFault(
      "rego/bundle",
      `patch.json: change ${index} is no upsert, replace or remove of a path`,
    );
  }
  const { op, path } = parsed.output;
  if (op === "remove") return { op, path };
  const value = objectGet(item as AnyObject, "value");
  if (value === undefined) throw new RegoFault("rego/bundle", `patch.json: change ${index} has no value`);
  return { op, path, value };
}

function refuseOutside({ roots }: Manifest, path: string): void {
  if (roots.some((root) => isWithin(path, root))) return;
  throw new RegoFault(
    "rego/bundle",
    `manifest roots [${roots.join(" ")}] do not permit data patch at path '${path}'`,
  );
}
