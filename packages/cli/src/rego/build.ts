import { writeFile } from "node:fs/promises";
import { arrayBuffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";

import { nodeRegoCrypto } from "@custody/node/rego-host";
import { utf8 } from "custody/ground";
import { bundleFiles, noManifest, signaturesFile, signBundle, verifyBundle } from "custody/rego/bundle";
import type { BundleContent, BundleFiles } from "custody/rego/bundle";
import { writeTar } from "custody/tar";

import { readSigningKey, readVerificationKey } from "./bundle-keys.ts";
import { endings } from "./call.ts";
import type { RegoCall } from "./call.ts";
import { explained } from "./load-error.ts";
import { loadBundle, signedFiles } from "./load-bundle.ts";
import { loadPaths, mergeLoaded } from "./load.ts";
import { compileSources, versionOf } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";
import { loadSchemas } from "./schemas.ts";
import type { SchemaOptions } from "./schemas.ts";
import { readClaims } from "./sign.ts";

export interface BuildOptions extends LanguageOptions, SchemaOptions {
  readonly bundle?: boolean;
  readonly ignore: readonly string[];
  readonly output?: string;
  /** `es`: a module of JavaScript that needs no compiler (`custody/rego/compiled`). */
  readonly target: "rego" | "es";
  readonly revision?: string;
  readonly signingKey?: string;
  readonly signingAlg: string;
  readonly claimsFile?: string;
  readonly verificationKey?: string;
  readonly scope?: string;
  readonly excludeFilesVerify: readonly string[];
}

/** `custody rego build`: one archive of policies and data that check, or a module of JavaScript; 1 when it could not be built. */
export async function build({ args, options, streams }: RegoCall<BuildOptions>): Promise<number> {
  try {
    const content = options.bundle ? await bundleContent(args, options) : await fileContent(args, options);
    const policy = compileSources(content.modules, options, await loadSchemas(options));
    if (options.target === "es") await writeFile(options.output ?? "policy.mjs", policy.toModule());
    else await writeBundle(content, options);
    return endings.done;
  } catch (error) {
    const { problems, text } = explained(error);
    streams.err(`error: ${problems.length === 1 ? `${problems[0]?.text}\n` : text}`);
    return endings.failed;
  }
}

async function writeBundle(content: BundleContent, options: BuildOptions): Promise<void> {
  const files = await signed(bundleFiles(content), options);
  await writeFile(options.output ?? "bundle.tar.gz", gzipSync(await archive(files)));
}

async function fileContent(paths: readonly string[], options: BuildOptions): Promise<BundleContent> {
  const { sources: modules, data } = await loadPaths(paths, options);
  return { modules, data, manifest: manifestOf({ ...noManifest, roots: [""] }, options) };
}

async function bundleContent(paths: readonly string[], options: BuildOptions): Promise<BundleContent> {
  const loaded = [];
  for (const path of paths) {
    const one = await loadBundle(path, options);
    if (options.verificationKey !== undefined) await verified(signedFiles(path, one), options);
    loaded.push(one.bundle);
  }
  const { sources: modules, data } = mergeLoaded(
    loaded.map((bundle) => ({ sources: bundle.modules, data: bundle.data })),
  );
  const [first = { manifest: noManifest }] = loaded;
  const roots = loaded.flatMap(({ manifest }) => manifest.roots);
  return { modules, data, manifest: manifestOf({ ...first.manifest, roots }, options) };
}

function manifestOf(manifest: BundleContent["manifest"], options: BuildOptions): BundleContent["manifest"] {
  const regoVersion = versionOf(options) === "v0" ? 0 : 1;
  return { ...manifest, revision: options.revision ?? manifest.revision, regoVersion };
}

async function verified(files: BundleFiles, options: BuildOptions): Promise<void> {
  const { verificationKey = "", signingAlg: algorithm, scope, excludeFilesVerify: exclude } = options;
  const key = await readVerificationKey({ algorithm, key: verificationKey });
  verifyBundle(files, { key, crypto: nodeRegoCrypto, exclude, ...(scope !== undefined && { scope }) });
}

async function signed(files: BundleFiles, options: BuildOptions): Promise<BundleFiles> {
  if (options.signingKey === undefined) return files;
  const key = await readSigningKey({ algorithm: options.signingAlg, key: options.signingKey });
  const claims = options.claimsFile === undefined ? {} : await readClaims(options.claimsFile);
  const text = signBundle(files, { key, crypto: nodeRegoCrypto, claims });
  return new Map([...files, [signaturesFile, utf8(text)]]);
}

/** The same bytes for the same files. */
async function archive(files: BundleFiles): Promise<Uint8Array> {
  const entries = [...files].map(([path, bytes]) => ({
    kind: "file" as const,
    path,
    mode: 0o600,
    sizeBytes: bytes.length,
    content: async function* () {
      await Promise.resolve();
      yield bytes;
    },
  }));
  return new Uint8Array(await arrayBuffer(writeTar(entries)));
}
