import type { Decider, WebhookOptions } from "@custody/server/rego";
import { openGatekeeper, webhookPoint } from "custody/gatekeeper";
import { CustodyError } from "custody/ground";
import { allBuiltins } from "custody/rego/builtins";

import { answerUntilSignal } from "./answer-until-signal.ts";
import type { RegoCall } from "./call.ts";
import { findDocumentFiles, readDocuments } from "./kubernetes-files.ts";
import { loadPaths } from "./load.ts";
import { compileSources } from "./policy-options.ts";
import type { LanguageOptions } from "./policy-options.ts";

export interface WebhookCommandOptions extends LanguageOptions {
  readonly addr: string;
  readonly gatekeeper: readonly string[];
  readonly query: string;
  readonly warnQuery: string;
  readonly tlsCertFile?: string;
  readonly tlsPrivateKeyFile?: string;
  readonly tlsPollInterval: number;
  readonly deadline: number;
  readonly maxBodyBytes: number;
  readonly maxSteps: number;
  readonly ignore: readonly string[];
}

/** `custody rego webhook`: answers until SIGTERM or SIGINT. Ends with 2 when it cannot start. */
export async function webhook(call: RegoCall<WebhookCommandOptions>): Promise<number> {
  const { startWebhook } = await import("@custody/server/rego");
  return answerUntilSignal(call.streams, async () => startWebhook(await webhookOptions(call)));
}

async function webhookOptions(call: RegoCall<WebhookCommandOptions>): Promise<WebhookOptions> {
  const { options, streams } = call;
  return {
    deciders: [...(await regoDeciders(call)), ...(await gatekeeperDeciders(options))],
    address: options.addr,
    tls: tlsFiles(options),
    tlsPollMilliseconds: options.tlsPollInterval,
    deadlineMilliseconds: options.deadline,
    steps: options.maxSteps,
    bodyBytes: options.maxBodyBytes,
    say: (line) => streams.err(`${line}\n`),
  };
}

async function regoDeciders({ args, options }: RegoCall<WebhookCommandOptions>): Promise<readonly Decider[]> {
  if (args.length === 0) return [];
  const { regoDecider } = await import("@custody/server/rego");
  const { sources, data } = await loadPaths(args, options);
  const { query, warnQuery } = options;
  return [regoDecider({ policy: compileSources(sources, options), data, query, warnQuery })];
}

async function gatekeeperDeciders({ gatekeeper: paths }: WebhookCommandOptions): Promise<readonly Decider[]> {
  if (paths.length === 0) return [];
  const { gatekeeperDecider } = await import("@custody/server/rego");
  const documents = (await findDocumentFiles(paths, "all")).flatMap(readDocuments);
  const gatekeeper = openGatekeeper(documents, { builtins: allBuiltins, enforcementPoint: webhookPoint });
  if (gatekeeper.constraintCount > 0) return [gatekeeperDecider(gatekeeper)];
  throw new CustodyError("cli/read", `no constraints in ${paths.join(", ")}: they would let everything in`, {
    next: "give the constraints with their templates",
  });
}

function tlsFiles({
  tlsCertFile: certFile,
  tlsPrivateKeyFile: keyFile,
}: WebhookCommandOptions): WebhookOptions["tls"] {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  throw new CustodyError("cli/usage", "a certificate and its key come together", {
    next: "give both --tls-cert-file and --tls-private-key-file",
  });
}
