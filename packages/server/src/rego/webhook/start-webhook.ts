import type { Server } from "node:https";

import { openRegoHost } from "@custody/node/rego-host";
import { CustodyError } from "custody/ground";

import { listen } from "../listen.ts";
import type { Decider } from "./deciders.ts";
import { readTlsFiles, watchTlsFiles } from "./tls-files.ts";
import type { TlsFiles } from "./tls-files.ts";
import { buildWebhookApp } from "./webhook-app.ts";

export interface WebhookOptions {
  /** At least one; all of them have to allow. */
  readonly deciders: readonly Decider[];
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  /** Without, requests come in the clear. */
  readonly tls: TlsFiles | undefined;
  readonly tlsPollMilliseconds: number;
  readonly deadlineMilliseconds: number;
  readonly steps: number;
  readonly bodyBytes: number;
  /** Told of certificates that cannot be used. */
  readonly say: (line: string) => void;
}

/** A webhook that runs in this process. */
export interface Webhook {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an admission webhook.
 *
 * @throws CustodyError `server/policy` without a policy: it would let everything in; `server/tls`, `server/listen`.
 */
export async function startWebhook(options: WebhookOptions): Promise<Webhook> {
  if (options.deciders.length === 0) {
    throw new CustodyError("server/policy", "a webhook without a policy would decide nothing", {
      next: "give policies in Rego, or templates and constraints",
    });
  }
  const tls = options.tls && (await readTlsFiles(options.tls));
  const { send: _, ...host } = openRegoHost();
  const app = buildWebhookApp({ ...options, host, tls });
  const url = await listen(app, options.address);
  const endWatch =
    tls &&
    options.tls &&
    watchTlsFiles({
      files: options.tls,
      intervalMilliseconds: options.tlsPollMilliseconds,
      known: tls,
      use: (material) => (app.server as unknown as Server).setSecureContext(material),
      say: options.say,
    });
  return {
    url,
    stop: async () => {
      endWatch?.();
      await app.close();
    },
  };
}
