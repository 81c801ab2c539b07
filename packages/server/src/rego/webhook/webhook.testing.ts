import assert from "node:assert/strict";
import { after } from "node:test";

import { openGatekeeper, webhookPoint } from "custody/gatekeeper";
import { compile } from "custody/rego";
import { allBuiltins } from "custody/rego/builtins";
import { parseDocuments } from "custody/rego/bundle";

import { gatekeeperDecider, regoDecider, startWebhook } from "../index.ts";
import type { Decider, Webhook, WebhookOptions } from "../index.ts";

const namespace = "data.kubernetes.admission";

/** Decides by a module `kubernetes.admission`. */
export function byRego(rules: string, query = `${namespace}.deny`): Decider {
  const sources = [{ file: "admission.rego", text: `package kubernetes.admission\n${rules}` }];
  const policy = compile(sources, { builtins: allBuiltins });
  return regoDecider({ policy, data: {}, query, warnQuery: `${namespace}.warn` });
}

/** Decides by the templates, constraints and objects of a YAML text. */
export function byGatekeeper(text: string): Decider {
  const documents = parseDocuments("t.yaml", text);
  const options = { builtins: allBuiltins, enforcementPoint: webhookPoint };
  return gatekeeperDecider(openGatekeeper(documents, options));
}

/** A webhook that ends with the tests of the file, on a free port. */
export async function serve(
  deciders: readonly Decider[],
  options: Partial<WebhookOptions> = {},
): Promise<Webhook> {
  const webhook = await startWebhook({
    policies: { read: async () => ({ fingerprint: "1", open: () => deciders }), intervalMilliseconds: 20 },
    address: "127.0.0.1:0",
    tls: undefined,
    tlsPollMilliseconds: 20,
    deadlineMilliseconds: 2000,
    steps: 10_000_000,
    bodyBytes: 100_000,
    say: () => undefined,
    ...options,
  });
  after(() => webhook.stop());
  return webhook;
}

/** An AdmissionReview as JSON; the fields are those of its request. */
export function review(fields: object = {}, version = "v1"): string {
  const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "prod" } };
  const request = {
    uid: "705ab4f5-6393-11e8-b7cc-42010a800002",
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: { group: "", version: "v1", resource: "pods" },
    name: "web",
    namespace: "prod",
    operation: "CREATE",
    userInfo: { username: "ada", groups: ["system:authenticated"] },
    object,
    oldObject: null,
    dryRun: false,
    options: { apiVersion: "meta.k8s.io/v1", kind: "CreateOptions" },
    ...fields,
  };
  return JSON.stringify({ apiVersion: `admission.k8s.io/${version}`, kind: "AdmissionReview", request });
}

export interface Answer {
  readonly apiVersion: string;
  readonly kind: string;
  readonly response: {
    readonly uid: string;
    readonly allowed: boolean;
    readonly status?: { readonly code: number; readonly message: string };
    readonly warnings?: readonly string[];
    readonly auditAnnotations?: Readonly<Record<string, string>>;
  };
}

export async function ask({ url }: Webhook, body: string, query = "?timeout=10s"): Promise<Answer> {
  const response = await fetch(`${url}/v1/admit${query}`, { method: "POST", body });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/json");
  return (await response.json()) as Answer;
}

/** Asks; the answer is `allowed`, or the status `403 message`. */
export async function check(
  webhook: Webhook,
  body: string,
  expected: RegExp | string,
  query?: string,
): Promise<void> {
  const { response } = await ask(webhook, body, query);
  const { allowed, status } = response;
  assert.equal(allowed, status === undefined);
  const got = status ? `${status.code} ${status.message}` : "allowed";
  if (typeof expected === "string") assert.equal(got, expected);
  else assert.match(got, expected);
}
