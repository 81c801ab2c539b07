import { fastify } from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { apiErrorOf, apiErrorText } from "./api-error.ts";
import { authorize, bearerOf, unauthorized } from "./authorization.ts";
import { openCompileDoor } from "./compile-door.ts";
import { openDataDoor } from "./data-door.ts";
import { openDecisionsDoor } from "./decisions-door.ts";
import { openPoliciesDoor } from "./policies-door.ts";
import { openQueryDoor } from "./query-door.ts";
import { sendJson } from "./replies.ts";
import type { RegoServices } from "./services.ts";
import { openStatusDoor } from "./status-door.ts";

export interface RegoAppOptions {
  /** `token`: the bearer token of a request is who asks. */
  readonly authentication: "off" | "token";
  /** `basic`: the policy `system.authz.allow` decides on every request. */
  readonly authorization: "basic" | "off";
  /** Says whether a bearer token is one of those that are let in at all. Default: all are, and none is needed. */
  readonly isKnownToken?: (token: string) => boolean;
  readonly requestTimeoutMilliseconds: number;
}

/** OPA's REST API, alone. */
export function buildRegoApp(services: RegoServices, options: RegoAppOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: services.limits.bodyBytes,
    requestTimeout: options.requestTimeoutMilliseconds,
    routerOptions: { maxParamLength: 4096 },
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => void sendError(error, reply),
  });
  app.addHook("onRequest", redirectToCleanPath);
  app.addHook("onRequest", async (request) => identify(options, request));
  app.addHook("preHandler", async (request) => admit(services, options, request));
  openRegoDoors(app, services);
  return app;
}

/** The doors of OPA's API; who may come in is looked at before. */
export function openRegoDoors(app: FastifyInstance, services: RegoServices): void {
  const { bodyBytes: bodyLimit } = services.limits;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => sendError(error, reply));
  app.setNotFoundHandler(sendNotFound);
  app.addHook("onResponse", async (request, reply) => {
    const labels = { code: reply.statusCode, handler: handlerOf(request), method: request.method };
    services.metrics.observe(labels, reply.elapsedTime / 1000);
  });
  openStatusDoor(app, services);
  openDecisionsDoor(app, services);
  openDataDoor(app, services);
  openPoliciesDoor(app, services);
  openQueryDoor(app, services);
  openCompileDoor(app, services);
}

/** A path has one way to be written, so that no policy is got around by another: empty names go. */
export async function redirectToCleanPath(
  { url }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const [, path = "", query = ""] = /^([^?]*)(.*)$/s.exec(url) ?? [];
  if (!path.includes("//")) return undefined;
  return reply.redirect(path.replaceAll(/\/{2,}/g, "/") + query, 301);
}

/** Before anything of the body is read. */
function identify({ isKnownToken }: RegoAppOptions, request: FastifyRequest): void {
  const token = bearerOf(request);
  if (!isKnownToken || (token !== undefined && isKnownToken(token))) return;
  throw unauthorized("the request carries no valid token");
}

function admit(services: RegoServices, options: RegoAppOptions, request: FastifyRequest): void {
  if (options.authorization === "off") return;
  authorize(services, request, options.authentication === "token" ? bearerOf(request) : undefined);
}

function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  const answer = apiErrorOf(error);
  return sendJson(reply.code(answer.status), apiErrorText(answer));
}

/** A path of the API with another method, or no path of it. */
function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isKnown = handlerOf(request) !== "catchall";
  if (isKnown) return reply.code(405).send();
  return reply.code(404).type("text/plain; charset=utf-8").send("404 page not found\n");
}

const handlers = [
  "v0/data",
  "v1/data",
  "v1/policies",
  "v1/query",
  "v1/compile",
  "v1/config",
  "v1/status",
  "health",
  "metrics",
];

function handlerOf({ url }: FastifyRequest): string {
  const path = (url.split("?")[0] ?? "").slice(1);
  if (path === "") return "index";
  return handlers.find((one) => path === one || path.startsWith(`${one}/`)) ?? "catchall";
}
