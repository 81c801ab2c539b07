import fastifyCookie from "@fastify/cookie";
import { fastify, LogController } from "fastify";
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { formatTrustedRoot, formatWitnessDemand } from "custody/evidence";
import type { TrustedRoot } from "custody/evidence";
import { CustodyError, instantOf } from "custody/ground";
import type { Secret } from "custody/ground";
import type { Log } from "custody/log";
import type { RegistryPorts } from "custody/registry";
import type { DecisionStore } from "@custody/node/console-store";

import { openDecisionsDoor } from "./console/decisions-door.ts";
import { openPages } from "./console/pages.ts";
import { keepAnswersPrivate } from "./console/private-answers.ts";
import { findSessionSecret } from "./console/session-cookie.ts";
import { openLinkDoor, openSessionDoor } from "./console/session-door.ts";
import type { SessionPorts } from "./console/session-door.ts";
import { openStreamDoor } from "./console/stream-door.ts";
import type { StreamPorts } from "./console/stream-door.ts";
import { openApi } from "./doors/api.ts";
import type { ApiPorts } from "./doors/api.ts";
import { openAttestationDoor } from "./doors/attestations.ts";
import { openFulcioDoor } from "./doors/fulcio.ts";
import type { FulcioDoorPorts } from "./doors/fulcio.ts";
import { openDiscoveryDoor, openIdentityDoor } from "./doors/identity.ts";
import type { IdentityPorts } from "./doors/identity.ts";
import { openSearchDoor } from "./doors/log-index.ts";
import type { LogSearchPorts } from "./doors/log-index.ts";
import { openLogDoor, openShardDoor } from "./doors/log.ts";
import { openRegistryDoor } from "./doors/registry.ts";
import { openRekorDoor } from "./doors/rekor.ts";
import type { RekorPorts } from "./doors/rekor.ts";
import { openRepositoryDoor, openTrustDoor } from "./doors/trust.ts";
import { openTimestampDoor } from "./doors/timestamp.ts";
import type { TimestampPorts } from "./doors/timestamp.ts";
import { openMountedDoors } from "./rego/mounted.ts";
import type { MountedRego } from "./rego/mounted.ts";
import { problemOf } from "./problem.ts";
import { signingConfigOf } from "./signing-config.ts";
import { findCredential, isToken } from "./token.ts";
import type { TrustRepository } from "./trust-repository.ts";

/** What stands behind the HTTP doors. */
export interface AppPorts {
  readonly api: ApiPorts;
  readonly registry: RegistryPorts;
  readonly log: Log;
  /** The log's shards by their names, the current one too. */
  readonly shards: ReadonlyMap<string, Log>;
  readonly trustedRoot: TrustedRoot;
  readonly time: TimestampPorts;
  readonly rekor: RekorPorts;
  readonly fulcio: FulcioDoorPorts;
  readonly identity: IdentityPorts;
  readonly certificateLog: Log;
  readonly trust: TrustRepository;
  readonly search: LogSearchPorts;
  /** What was said of the log's index. */
  readonly commitments: Log;
  /** Under which URL others reach the server; known when it listens. */
  readonly publicUrl: () => string;
  readonly rego: MountedRego;
  readonly session: SessionPorts;
  readonly streams: StreamPorts;
  readonly decisions: DecisionStore;
  readonly token: Secret<string>;
  readonly diagnostics: FastifyBaseLogger;
}

const requestTimeoutMilliseconds = 600_000;

/** All doors of the server on one port: the API (token), the registry, the log, and what is public anyway. */
export async function buildApp(ports: AppPorts): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: ports.diagnostics,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: requestTimeoutMilliseconds,
    routerOptions: { maxParamLength: 600 },
    forceCloseConnections: true,
    frameworkErrors: sendProblem,
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      new CustodyError("api/not-found", `there is nothing at ${request.method} ${request.url}`),
      request,
      reply,
    ),
  );
  // No name, path or word of ours holds a NUL, and the database cannot be asked for one.
  app.addHook("onRequest", async (request) => {
    if (/%00/i.test(request.url))
      throw new CustodyError("api/request", "the request's path or query holds a NUL");
  });
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/trusted_root.json", async () => formatTrustedRoot(ports.trustedRoot));
  app.get("/witness_policy.json", async () => witnessPolicyOf(ports.trustedRoot));
  app.get("/signing_config.json", async () =>
    signingConfigOf(ports.trustedRoot, ports.identity.issuerUrl, ports.publicUrl()),
  );
  await app.register(async (log) => openLogDoor(log, ports.log), { prefix: "/log" });
  await app.register(async (log) => openShardDoor(log, ports.shards), { prefix: "/log/shards" });
  await app.register(async (rekor) => openRekorDoor(rekor, ports.rekor), { prefix: "/sigstore/rekor" });
  await app.register(async (time) => openTimestampDoor(time, ports.time), { prefix: "/sigstore/tsa" });
  await app.register(async (fulcio) => openFulcioDoor(fulcio, ports.fulcio), { prefix: "/sigstore/fulcio" });
  await app.register(async (log) => openLogDoor(log, ports.certificateLog), { prefix: "/sigstore/ct" });
  await app.register(async (log) => openLogDoor(log, ports.commitments), {
    prefix: "/log/index-commitments",
  });
  await app.register(async (tuf) => openRepositoryDoor(tuf, ports.trust), { prefix: "/tuf" });
  openDiscoveryDoor(app, ports.identity);
  await app.register(async (open) => openAttestationDoor(open, ports.api, { onlyAwaited: true }));
  await app.register(async (registry) => openRegistryDoor(registry, ports.registry));
  await app.register(async (rego) => openMountedDoors(rego, ports.rego), { prefix: "/opa" });
  await app.register(fastifyCookie);
  await app.register(async (open) => openSessionDoor(open, ports.session), { prefix: "/api/v1" });
  await app.register(async (api) => openGuardedApi(api, ports), { prefix: "/api/v1" });
  await app.register(async (pages) => openPages(pages));
  return app;
}

function witnessPolicyOf({ witnesses }: TrustedRoot): object {
  if (witnesses) return formatWitnessDemand(witnesses.text, witnesses.start ?? instantOf(0));
  throw new CustodyError("api/not-found", "the server's log has no witnesses", {
    next: "start the server with --witness-policy FILE",
  });
}

async function openGuardedApi(
  app: FastifyInstance,
  { api, identity, trust, search, session, streams, decisions, token }: AppPorts,
): Promise<void> {
  app.addHook("onRequest", async (request) => {
    const presented = findCredential(request.headers.authorization);
    if (presented !== undefined && isToken(token, presented)) return;
    if (presented === undefined && (await maySee(request, session))) return;
    throw new CustodyError("api/unauthorized", "the request carries no valid token", {
      next: "give the content of the file `token` in the server's directory as bearer token",
    });
  });
  keepAnswersPrivate(app);
  openApi(app, api);
  openIdentityDoor(app, identity);
  openTrustDoor(app, trust);
  openSearchDoor(app, search);
  openLinkDoor(app, session);
  openStreamDoor(app, streams);
  openDecisionsDoor(app, decisions);
}

/** Who is signed in at the console sees everything and changes nothing: a request that some other page made can do no more. */
async function maySee(request: FastifyRequest, { sessions, publicUrl }: SessionPorts): Promise<boolean> {
  if (request.method !== "GET") return false;
  return (await sessions.find(findSessionSecret(request, publicUrl()))) !== undefined;
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error({ error, problem: problem.detail }, "a request failed");
  return reply.code(problem.status).type("application/problem+json").send(problem);
}
