import type { Server } from "node:https";

import { openRegoHost } from "@custody/node/rego-host";
import { CustodyError } from "custody/ground";

import { listen } from "../listen.ts";
import type { Decider } from "./deciders.ts";
import { PolicyWatch } from "./policy-watch.ts";
import type { PolicySource } from "./policy-watch.ts";
import { readTlsFiles, watchTlsFiles } from "./tls-files.ts";
import type { TlsFiles } from "./tls-files.ts";
import { buildWebhookApp } from "./webhook-app.ts";

export interface WebhookOptions {
  /** At least one decider; all of them have to allow. */
  readonly policies: PolicySource;
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  /** Without, requests come in the clear. */
  readonly tls: TlsFiles | undefined;
  readonly tlsPollMilliseconds: number;
  readonly deadlineMilliseconds: number;
  readonly steps: number;
  readonly bodyBytes: number;
  /** Told of certificates and policies that cannot be used. */
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
  const policies = new PolicyWatch(demanding(options.policies), options.say);
  await policies.start();
  const tls = options.tls && (await readTlsFiles(options.tls));
  const { send: _, ...host } = openRegoHost();
  const app = buildWebhookApp({ ...options, policies, host, tls });
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
      policies.stop();
      endWatch?.();
      await app.close();
    },
  };
}

/** Policies that decide nothing are refused. */
function demanding({ read, intervalMilliseconds }: PolicySource): PolicySource {
  return {
    intervalMilliseconds,
    read: async () => {
      const set = await read();
      return { ...set, open: () => demand(set.open()) };
    },
  };
}

function demand(deciders: readonly Decider[]): readonly Decider[] {
  if (deciders.length > 0) return deciders;
  throw new CustodyError("server/policy", "a webhook without a policy would decide nothing", {
    next: "give policies in Rego, or templates and constraints",
  });
}
