import { Secret } from "custody/ground";
import * as v from "valibot";

import { isArray, isObject, objectEntries, objectGet, objectOf, writeJson } from "../values/index.ts";
import type { AnyObject, RegoValue } from "../values/index.ts";
import { bundleSchema, readBundle } from "./bundles.ts";
import type { BundleConfig } from "./bundles.ts";
import { decisionLogsSchema, readDecisionLogs } from "./decision-logs.ts";
import type { DecisionLogConfig } from "./decision-logs.ts";
import { discoverySchema, readDiscovery } from "./discovery.ts";
import type { DiscoveryConfig } from "./discovery.ts";
import { keySchema } from "./keys.ts";
import type { KeyConfig } from "./keys.ts";
import { configFault, missing, off, parseOptions, text } from "./options.ts";
import { readService, serviceSchema } from "./services.ts";
import type { ServiceConfig } from "./services.ts";
import { readStatus, statusSchema } from "./status.ts";
import type { StatusConfig } from "./status.ts";

/** How a server of OPA's API is to be run: OPA's configuration, read. */
export interface Configuration {
  readonly labels: Readonly<Record<string, string>>;
  readonly services: ReadonlyMap<string, ServiceConfig>;
  readonly keys: ReadonlyMap<string, KeyConfig>;
  readonly bundles: ReadonlyMap<string, BundleConfig>;
  readonly discovery: DiscoveryConfig | undefined;
  readonly decisionLogs: DecisionLogConfig | undefined;
  readonly status: StatusConfig | undefined;
  /** Paths of documents below `data`. */
  readonly defaultDecision: readonly string[];
  readonly defaultAuthorizationDecision: readonly string[];
  /** A directory for what is kept; `.opa` where it is undefined. */
  readonly persistenceDirectory: string | undefined;
  /** What was read, for the next configuration to be laid over. It may hold secrets. */
  readonly source: Secret<AnyObject>;
}

/** What is asked for where nothing is named, and who decides who may ask. */
export const standardDecisions = {
  default_authorization_decision: "/system/authz/allow",
  default_decision: "/system/main",
} as const;

const oneFile = "this server holds policies and data in memory";
const noCache = "no answer is kept from one evaluation to the next";

const schema = v.strictObject({
  services: v.optional(v.record(v.string(), serviceSchema), {}),
  labels: v.optional(v.record(v.string(), text), {}),
  keys: v.optional(v.record(v.string(), keySchema), {}),
  bundles: v.optional(v.record(v.string(), bundleSchema), {}),
  bundle: missing("write bundles"),
  discovery: v.optional(discoverySchema),
  decision_logs: v.optional(decisionLogsSchema),
  status: v.optional(statusSchema),
  plugins: missing("there are no plugins"),
  default_decision: v.optional(text, standardDecisions.default_decision),
  default_authorization_decision: v.optional(text, standardDecisions.default_authorization_decision),
  caching: missing(noCache),
  nd_builtin_cache: off("answers of http.send and time are not logged"),
  persistence_directory: v.optional(text),
  distributed_tracing: missing("there are no spans"),
  metrics_export: missing("/metrics is for Prometheus"),
  server: missing("--max-body-bytes bounds requests"),
  storage: missing(oneFile),
});

/**
 * Reads a configuration of OPA 1.19. What OPA would take and this server does not do is refused, and so is every option
 * that neither knows: nothing is left out in silence.
 *
 * @throws RegoFault `rego/config`
 */
export function parseConfiguration(given: RegoValue): Configuration {
  const source = normalizeConfiguration(given);
  const options = parseOptions(schema, source);
  const services = new Map(
    Object.entries(options.services).map(([name, one]) => [name, readService(name, one)] as const),
  );
  const keys = new Map(Object.entries(options.keys).map(([id, one]) => [id, { id, ...one }] as const));
  const known = { services: [...services.keys()], keyIds: [...keys.keys()] };
  const { decision_logs: logs, status, discovery } = options;
  return {
    labels: options.labels,
    services,
    keys,
    bundles: new Map(
      Object.entries(options.bundles).map(([name, one]) => [name, readBundle(name, one, known)] as const),
    ),
    discovery: discovery && readDiscovery(discovery, known),
    decisionLogs: logs && readDecisionLogs(logs, known.services),
    status: status && readStatus(status, known.services),
    defaultDecision: pathOf("default_decision", options.default_decision),
    defaultAuthorizationDecision: pathOf(
      "default_authorization_decision",
      options.default_authorization_decision,
    ),
    persistenceDirectory: options.persistence_directory,
    source: new Secret(source),
  };
}

function pathOf(where: string, decision: string): readonly string[] {
  const path = decision.replace(/^\//, "").split("/");
  if (path.every((name) => name !== "")) return path;
  throw configFault(`${where} is no path: ${decision}`);
}

/**
 * A configuration without members that are null, which are as good as none, and with services by their names.
 *
 * @throws RegoFault `rego/config` for what is no object, and for services without a name of their own.
 */
export function normalizeConfiguration(given: RegoValue): AnyObject {
  const document = withoutNulls(given ?? {});
  if (!isObject(document)) throw configFault("it is no object");
  const services = objectGet(document, "services");
  if (services === undefined || !isArray(services)) return document;
  const byName = services.map((one) => [serviceName(one), one] as const);
  if (new Set(byName.map(([name]) => name)).size < byName.length)
    throw configFault("services: two have the same name");
  return objectOf(
    objectEntries(document).map(
      ([name, own]) => [name, name === "services" ? objectOf(byName) : own] as const,
    ),
  );
}

function serviceName(service: RegoValue): string {
  const name = isObject(service) ? objectGet(service, "name") : undefined;
  if (typeof name === "string" && name !== "") return name;
  throw configFault("services: one has no name");
}

function withoutNulls(given: RegoValue): RegoValue {
  if (isArray(given)) return given.map(withoutNulls);
  if (!isObject(given)) return given;
  const present = objectEntries(given).filter(([, member]) => member !== null);
  return objectOf(present.map(([name, member]) => [name, withoutNulls(member)] as const));
}

/** A text that is the same for options that are the same. */
export function optionsText(configuration: Configuration, path: readonly string[]): string {
  const found = path.reduce<RegoValue>(
    (above, name) => (isObject(above) ? (objectGet(above, name) ?? null) : null),
    configuration.source.reveal(),
  );
  return writeJson(found);
}
