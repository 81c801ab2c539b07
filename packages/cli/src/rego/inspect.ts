import { stat } from "node:fs/promises";

import { nodeRegoCrypto } from "@custody/node/rego-host";
import { parseModules, writeJson } from "custody/rego";
import type { Module } from "custody/rego";
import { verifyBundle } from "custody/rego/bundle";
import type { Bundle } from "custody/rego/bundle";
import {
  annotationsDocument,
  documentText,
  items,
  members,
  membersOf,
  tableText,
  value,
} from "custody/rego/results";
import type { Document } from "custody/rego/results";

import { readVerificationKey } from "./bundle-keys.ts";
import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { explained } from "./load-error.ts";
import { loadBundle, signedFiles } from "./load-bundle.ts";
import { versionOf } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";

export interface InspectOptions extends LanguageOptions {
  readonly format: "pretty" | "json";
  readonly annotations?: boolean;
  readonly verificationKey?: string;
  readonly signingAlg: string;
}

interface Inspected {
  readonly bundle: Bundle;
  readonly modules: readonly Module[];
  /** Files by the path below `data` that they fill: `data.authz`. */
  readonly namespaces: readonly (readonly [namespace: string, files: readonly string[]])[];
}

/** `custody rego inspect`: what a bundle holds; with a key, whether its signature is good. 1 when it is not. */
export async function inspect({ args, options, streams }: RegoCall<InspectOptions>): Promise<number> {
  const [path = "."] = args;
  try {
    await stat(path);
    const loaded = await loadBundle(path, options);
    const { bundle } = loaded;
    if (options.verificationKey !== undefined) {
      const key = await readVerificationKey({ algorithm: options.signingAlg, key: options.verificationKey });
      verifyBundle(signedFiles(path, loaded), { key, crypto: nodeRegoCrypto });
    }
    const modules = parseModules(bundle.modules, { version: versionOf(options) });
    const inspected = { bundle, modules, namespaces: namespacesOf(bundle, modules) };
    if (options.format === "json") streams.out(`${documentText(inspectedDocument(inspected, options))}\n`);
    else streams.out(inspectedText(inspected));
    return endings.done;
  } catch (error) {
    streams.err(
      `error: ${explained(error)
        .problems.map(({ text }) => text)
        .join("\n")}\n`,
    );
    return endings.failed;
  }
}

function namespacesOf({ dataFiles }: Bundle, modules: readonly Module[]): Inspected["namespaces"] {
  const placed = [
    ...dataFiles.map(({ file, path }) => [["data", ...path].join("."), file] as const),
    ...modules.map((module) => [["data", ...module.package].join("."), module.file] as const),
  ];
  const grouped = Map.groupBy(placed, ([namespace]) => namespace);
  return [...grouped]
    .map(([namespace, rows]) => [namespace, rows.map(([, file]) => file).toSorted()] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function inspectedText({ bundle: { manifest }, namespaces }: Inspected): string {
  const roots = manifest.roots.filter((root) => root !== "").toSorted();
  const rows = [
    ...(manifest.regoVersion === undefined ? [] : [["Rego Version", String(manifest.regoVersion)]]),
    ...(manifest.revision === "" ? [] : [["Revision", manifest.revision]]),
    ...roots.map((root, i) => [i === 0 ? "Roots" : "", root]),
    ...(manifest.metadata === undefined ? [] : [["Metadata", writeJson(manifest.metadata)]]),
  ];
  const shown = rows.length > 0 ? `MANIFEST:\n${tableText(rows, { header: ["FIELD", "VALUE"] })}` : "";
  const files = namespaces.flatMap(([namespace, names]) => names.map((file) => [namespace, file]));
  return `${shown}NAMESPACES:\n${tableText(files, { header: ["NAMESPACE", "FILE"] })}`;
}

function inspectedDocument({ bundle, modules, namespaces }: Inspected, options: InspectOptions): Document {
  const { manifest, signatures } = bundle;
  return members({
    manifest: members({
      revision: manifest.revision,
      roots: items(manifest.roots),
      rego_version: manifest.regoVersion,
      metadata: manifest.metadata === undefined ? undefined : value(manifest.metadata),
    }),
    signatures_config: signatures === undefined ? members({}) : value(JSON.parse(signatures) as string),
    namespaces: membersOf(namespaces.map(([namespace, files]) => [namespace, items(files)])),
    annotations: options.annotations ? annotationsDocument(modules) : undefined,
  });
}
