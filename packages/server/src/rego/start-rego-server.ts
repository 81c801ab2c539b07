import { createHash, randomUUID } from "node:crypto";

import { openRegoHost } from "@custody/node/rego-host";
import type { AnyObject, CompileOptions, Module } from "custody/rego";
import { RegoStore } from "custody/rego/store";

import { buildRegoApp } from "./app.ts";
import { BundlePoller } from "./bundle-poller.ts";
import type { BundleOptions, BundleSource } from "./bundle-poller.ts";
import { DecisionLog } from "./decision-log.ts";
import { LineBuffer } from "./line-buffer.ts";
import type { LineSink } from "./line-buffer.ts";
import { listen } from "./listen.ts";
import { RequestMetrics } from "./request-metrics.ts";
import type { RegoServices, RequestLimits } from "./services.ts";

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
  /** Absent where decisions are not logged. */
  readonly decisions?: {
    readonly sink: LineSink;
    readonly hidesSecrets: boolean;
    readonly sizeLimitBytes: number;
  };
}

/** A server of OPA's API that runs in this process. */
export interface RegoServer {
  readonly url: string;
  /** Ends requests under way, and gives the log what waits for it; takes two seconds at most. */
  stop(): Promise<void>;
}

const opaVersion = "1.19.0";
const requestTimeoutMilliseconds = 60_000;
const flushMilliseconds = 1500;

/**
 * Starts OPA's REST API over policies and data in memory.
 *
 * @throws RegoDiagnostics for modules that do not compile; CustodyError `server/listen`, or why a bundle is refused.
 */
export async function startRegoServer(options: RegoServerOptions): Promise<RegoServer> {
  const store = new RegoStore(options.compile);
  store.load(options.data, options.modules);
  const pollers = options.bundles.map((source) => new BundlePoller(source, store, options.bundleOptions));
  const services = servicesOf(options, store, pollers);
  const app = buildRegoApp(services, {
    authentication: options.authentication,
    authorization: options.authorization,
    requestTimeoutMilliseconds,
    ...(options.tokens && { isKnownToken: tokenCheck(options.tokens) }),
  });
  const stop = async (): Promise<void> => {
    await app.close();
    await Promise.all(pollers.map((poller) => poller.stop()));
    await services.decisions?.lines.close(flushMilliseconds);
  };
  try {
    for (const poller of pollers) await poller.start();
    return { url: await listen(app, options.address), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function servicesOf(
  { limits, decisions }: RegoServerOptions,
  store: RegoStore,
  pollers: readonly BundlePoller[],
): RegoServices {
  const host = openRegoHost();
  const labels = { id: randomUUID(), version: opaVersion };
  return {
    store,
    host,
    limits,
    labels,
    metrics: new RequestMetrics(),
    decisions: decisions && openDecisionLog(decisions, { store, host, labels }),
    bundles: new Map(pollers.map(({ status }) => [status.name, status])),
  };
}

function openDecisionLog(
  { sink, hidesSecrets, sizeLimitBytes }: NonNullable<RegoServerOptions["decisions"]>,
  services: Pick<RegoServices, "host" | "labels" | "store">,
): DecisionLog {
  const lines = new LineBuffer({ sink, sizeLimitBytes, batchLines: 1000, retryMilliseconds: 30_000 });
  return new DecisionLog({ ...services, lines, hidesSecrets });
}

/** By hash: how long it takes tells nothing about a token. */
function tokenCheck(tokens: readonly string[]): (token: string) => boolean {
  const hash = (token: string): string => createHash("sha256").update(token).digest("hex");
  const known = new Set(tokens.map(hash));
  return (token) => known.has(hash(token));
}
