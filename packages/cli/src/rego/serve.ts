import { readFile, stat } from "node:fs/promises";

import { nodeRegoCrypto } from "@custody/node/rego-host";
import type { BundleSource, LineSink, RegoServerOptions } from "@custody/server/rego";
import { CustodyError } from "custody/ground";
import { parseModules } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";
import { verifyBundle } from "custody/rego/bundle";
import type { BundleKey } from "custody/rego/bundle";

import { readVerificationKey } from "./bundle-keys.ts";
import { answerUntilSignal } from "./answer-until-signal.ts";
import type { RegoCall } from "./call.ts";
import { loadBundle, signedFiles } from "./load-bundle.ts";
import { readConfiguration } from "./configuration.ts";
import { loadPaths, mergeLoaded } from "./load.ts";
import type { Loaded } from "./load.ts";
import { versionOf } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";

export interface ServeOptions extends LanguageOptions {
  readonly addr: string;
  readonly bundle: readonly string[];
  readonly ignore: readonly string[];
  readonly authentication: "off" | "token";
  readonly authorization: "basic" | "off";
  readonly tokenFile?: string;
  readonly verificationKey?: string;
  readonly signingAlg: string;
  readonly scope?: string;
  readonly pollInterval: number;
  readonly evaluationTimeout: number;
  readonly maxBodyBytes: number;
  readonly logDecisions?: string;
  readonly logSecrets?: boolean;
  readonly logBufferBytes: number;
  readonly configFile?: string;
  readonly set: readonly string[];
  readonly setFile: readonly string[];
}

const bundleLimitBytes = 64 * 1024 * 1024;

/** `custody rego serve`: answers until SIGTERM or SIGINT. Ends with 2 when it cannot start. */
export async function serve(call: RegoCall<ServeOptions>): Promise<number> {
  const { startRegoServer } = await import("@custody/server/rego");
  return answerUntilSignal(call.streams, async () => startRegoServer(await serverOptions(call)));
}

async function serverOptions({ args, options, streams }: RegoCall<ServeOptions>): Promise<RegoServerOptions> {
  const version = versionOf(options);
  const key = await findKey(options);
  const bundles = await Promise.all(options.bundle.map(bundleSource));
  const directories = bundles.filter(({ isDirectory }) => isDirectory);
  const loaded = mergeLoaded([
    await loadPaths(args, options),
    ...(await Promise.all(directories.map(({ place }) => loadDirectory(place, options, key)))),
  ]);
  const { scope, tokenFile, logDecisions } = options;
  return {
    compile: { builtins: allBuiltins, version },
    data: loaded.data,
    modules: parseModules(loaded.sources, { version }),
    address: options.addr,
    authentication: options.authentication,
    authorization: options.authorization,
    bundles: bundles.filter(({ isDirectory }) => !isDirectory),
    bundleOptions: {
      version,
      pollMilliseconds: options.pollInterval,
      sizeLimitBytes: bundleLimitBytes,
      ...(key && { key }),
      ...(scope !== undefined && { scope }),
    },
    configuration: await readConfiguration(options),
    variables: process.env,
    say: (line) => streams.err(`${line}\n`),
    limits: { bodyBytes: options.maxBodyBytes, evaluationMilliseconds: options.evaluationTimeout },
    ...(tokenFile !== undefined && { tokens: await readTokens(tokenFile) }),
    ...(logDecisions !== undefined && { decisions: await decisionOptions(logDecisions, options) }),
  };
}

async function findKey({ verificationKey, signingAlg }: ServeOptions): Promise<BundleKey | undefined> {
  if (verificationKey === undefined) return undefined;
  return readVerificationKey({ algorithm: signingAlg, key: verificationKey });
}

/** `name=place`, or a place that gives it its name: `https://host/authz.tar.gz` is `authz`. */
async function bundleSource(given: string): Promise<BundleSource & { readonly isDirectory: boolean }> {
  const [, named, place = given] = /^([\w.-]+)=(.+)$/s.exec(given) ?? [];
  const isUrl = /^https?:\/\//.test(place);
  const last =
    place
      .replace(/[?#].*$/, "")
      .replace(/\/+$/, "")
      .split("/")
      .at(-1) ?? "";
  const isDirectory = !isUrl && (await stat(place)).isDirectory();
  return { name: named ?? last.replace(/\.tar\.gz$/, ""), place, isRead: !isUrl, isDirectory };
}

/** @throws CustodyError when there is a key and it did not sign what is there. */
async function loadDirectory(
  path: string,
  options: ServeOptions,
  key: BundleKey | undefined,
): Promise<Loaded> {
  const loaded = await loadBundle(path, options);
  const { scope } = options;
  if (key)
    verifyBundle(signedFiles(path, loaded), {
      key,
      crypto: nodeRegoCrypto,
      ...(scope !== undefined && { scope }),
    });
  return { sources: loaded.bundle.modules, data: loaded.bundle.data };
}

/** One token a line. */
async function readTokens(path: string): Promise<readonly string[]> {
  const lines = (await readFile(path, "utf8")).split("\n").map((line) => line.trim());
  const tokens = lines.filter((line) => line !== "");
  if (tokens.length > 0) return tokens;
  throw new CustodyError("cli/read", `${path} holds no token`, {
    subject: path,
    next: "write one token a line",
  });
}

async function decisionOptions(
  place: string,
  { logSecrets, logBufferBytes }: ServeOptions,
): Promise<NonNullable<RegoServerOptions["decisions"]>> {
  return { sink: await sinkOf(place), hidesSecrets: logSecrets !== true, sizeLimitBytes: logBufferBytes };
}

async function sinkOf(place: string): Promise<LineSink> {
  const { fileSink, standardOutput, uploadSink } = await import("@custody/server/rego");
  if (place === "stdout") return standardOutput;
  return /^https?:\/\//.test(place) ? uploadSink(place) : fileSink(place);
}
