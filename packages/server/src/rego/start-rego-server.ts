import { createHash } from "node:crypto";

import type { AnyObject, CompileOptions, Module } from "custody/rego";
import { parseConfiguration } from "custody/rego/config";
import type { Configuration } from "custody/rego/config";
import { RegoStore } from "custody/rego/store";

import { buildRegoApp } from "./app.ts";
import { listen } from "./listen.ts";
import type { BundleOptions, BundleSource } from "./management/flagged-bundles.ts";
import { Management } from "./management/management.ts";
import type { DecisionOptions } from "./management/reports.ts";
import type { RequestLimits } from "./services.ts";

export interface RegoServerOptions {
  readonly compile: CompileOptions;
  /** What is there from the start. */
  readonly data: AnyObject;
  readonly modules: readonly Module[];
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly authentication: "off" | "token";
  readonly authorization: "basic" | "off";
  /** With tokens, only requests that carry one of them are let in. */
  readonly tokens?: readonly string[];
  readonly bundles: readonly BundleSource[];
  readonly bundleOptions: BundleOptions;
  readonly limits: RequestLimits;
  /** Absent where decisions are not logged, or as the configuration says. */
  readonly decisions?: DecisionOptions;
  /** Services, bundles from them, reports to them. Default: none. */
  readonly configuration?: Configuration;
  /** Of the environment: what a configuration that is discovered may refer to. Default: none. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Told of reports that nobody took. */
  readonly say?: (line: string) => void;
}

/** A server of OPA's API that runs in this process. */
export interface RegoServer {
  readonly url: string;
  /** Ends requests under way, and gives the log what waits for it; takes two seconds at most. */
  stop(): Promise<void>;
}

const requestTimeoutMilliseconds = 60_000;

/**
 * Starts OPA's REST API over policies and data in memory.
 *
 * @throws RegoDiagnostics for modules that do not compile; CustodyError `server/listen`, or why a bundle or the
 * configuration is refused.
 */
export async function startRegoServer(options: RegoServerOptions): Promise<RegoServer> {
  const store = new RegoStore(options.compile);
  store.load(options.data, options.modules);
  const management = manage(options, store);
  const app = buildRegoApp(management, {
    authentication: options.authentication,
    authorization: options.authorization,
    requestTimeoutMilliseconds,
    ...(options.tokens && { isKnownToken: tokenCheck(options.tokens) }),
  });
  const stop = async (): Promise<void> => {
    await app.close();
    await management.stop();
  };
  try {
    await management.start();
    return { url: await listen(app, options.address), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function manage(options: RegoServerOptions, store: RegoStore): Management {
  const { configuration, bundles, decisions, variables = {}, say = () => undefined } = options;
  return new Management({
    store,
    compile: options.compile,
    limits: options.limits,
    boot: configuration ?? parseConfiguration({}),
    sources: bundles,
    bundleOptions: options.bundleOptions,
    ...(decisions && { decisions }),
    variables,
    say,
  });
}

/** By hash: how long it takes tells nothing about a token. */
function tokenCheck(tokens: readonly string[]): (token: string) => boolean {
  const hash = (token: string): string => createHash("sha256").update(token).digest("hex");
  const known = new Set(tokens.map(hash));
  return (token) => known.has(hash(token));
}
