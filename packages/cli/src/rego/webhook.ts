import type { PolicySet, WebhookOptions } from "@custody/server/rego";
import { openGatekeeper, webhookPoint } from "custody/gatekeeper";
import type { Gatekeeper } from "custody/gatekeeper";
import { CustodyError } from "custody/ground";
import { writeJson } from "custody/rego";
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
  readonly policyPollInterval: number;
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
    policies: { read: () => readPolicies(call), intervalMilliseconds: options.policyPollInterval },
    address: options.addr,
    tls: tlsFiles(options),
    tlsPollMilliseconds: options.tlsPollInterval,
    deadlineMilliseconds: options.deadline,
    steps: options.maxSteps,
    bodyBytes: options.maxBodyBytes,
    say: (line) => streams.err(`${line}\n`),
  };
}

/** Everything that the paths hold now. */
async function readPolicies({ args, options }: RegoCall<WebhookCommandOptions>): Promise<PolicySet> {
  const { gatekeeperDecider, regoDecider } = await import("@custody/server/rego");
  const { sources, data } = await loadPaths(args, options);
  const files = options.gatekeeper.length > 0 ? await findDocumentFiles(options.gatekeeper, "all") : [];
  const documents = files.flatMap(readDocuments);
  const { query, warnQuery } = options;
  return {
    fingerprint: JSON.stringify([sources, writeJson(data), writeJson(documents)]),
    open: () => [
      ...(args.length > 0
        ? [regoDecider({ policy: compileSources(sources, options), data, query, warnQuery })]
        : []),
      ...(options.gatekeeper.length > 0 ? [gatekeeperDecider(openConstraints(documents, options))] : []),
    ],
  };
}

function openConstraints(
  documents: Parameters<typeof openGatekeeper>[0],
  { gatekeeper: paths }: WebhookCommandOptions,
): Gatekeeper {
  const gatekeeper = openGatekeeper(documents, { builtins: allBuiltins, enforcementPoint: webhookPoint });
  if (gatekeeper.constraintCount > 0) return gatekeeper;
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
