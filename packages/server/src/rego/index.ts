export type { BundleSource } from "./management/flagged-bundles.ts";
export type { LineSink } from "./line-buffer.ts";
export { fileSink, standardOutput, uploadSink } from "./line-sinks.ts";
export { startRegoServer } from "./start-rego-server.ts";
export type { RegoServer, RegoServerOptions } from "./start-rego-server.ts";
export { gatekeeperDecider, regoDecider } from "./webhook/deciders.ts";
export type { Decider } from "./webhook/deciders.ts";
export { startWebhook } from "./webhook/start-webhook.ts";
export type { Webhook, WebhookOptions } from "./webhook/start-webhook.ts";
