import { utf8 } from "custody/ground";

import { goJson } from "../builtins/encoding/go-json.ts";
import type { Source } from "../syntax/index.ts";
import type { AnyObject } from "../values/index.ts";
import type { BundleFiles } from "./bundle.ts";
import type { Manifest } from "./manifest.ts";

/** What a bundle is made of. */
export interface BundleContent {
  readonly manifest: Manifest;
  readonly data: AnyObject;
  readonly modules: readonly Source[];
}

/** The files of a bundle: all data in one `data.json`, the modules, the manifest. */
export function bundleFiles({ manifest, data, modules }: BundleContent): BundleFiles {
  return new Map([
    ["data.json", utf8(`${goJson(data)}\n`)],
    ...modules.map(({ file, text }) => [file.replace(/^(?:\.{0,2}\/)+/, ""), utf8(text)] as const),
    [".manifest", utf8(`${manifestText(manifest)}\n`)],
  ]);
}

/** Members in OPA's order. */
function manifestText({ revision, roots, regoVersion, metadata }: Manifest): string {
  const members = [
    `"revision":${goJson(revision)}`,
    `"roots":${goJson(roots)}`,
    ...(regoVersion === undefined ? [] : [`"rego_version":${regoVersion}`]),
    ...(metadata === undefined ? [] : [`"metadata":${goJson(metadata)}`]),
  ];
  return `{${members.join()}}`;
}
