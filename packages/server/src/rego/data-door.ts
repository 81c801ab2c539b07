import type { RegoValue } from "custody/rego";
import { isArray, isObject, objectGet, RegoDiagnostics } from "custody/rego";
import { members, problemsOf, problemsText, value } from "custody/rego/results";
import { parsePatchPath } from "custody/rego/store";
import type { DocumentWrite } from "custody/rego/store";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { badParameter } from "./api-error.ts";
import { sendDocument } from "./replies.ts";
import {
  bodyText,
  depthLimit,
  documentPath,
  isAsked,
  jsonOf,
  misfit,
  parametersOf,
  pathBelow,
} from "./request.ts";
import { RequestTimers } from "./request-timers.ts";
import type { RegoServices } from "./services.ts";

const prefix = "/v1/data";

/** Base documents: put, patched and deleted. */
export function openDataDoor(app: FastifyInstance, services: RegoServices): void {
  for (const url of [prefix, `${prefix}/*`]) {
    app.put(url, async (request, reply) => put(services, request, reply));
    app.patch(url, async (request, reply) => patch(services, request, reply));
  }
  app.delete(`${prefix}/*`, async (request, reply) => remove(services, request, reply));
}

async function put(
  services: RegoServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const timers = new RequestTimers();
  timers.begin("server_handler");
  const text = bodyText(request, services.limits.bodyBytes);
  const document = timers.time("rego_input_parse", () => jsonOf(text));
  const path = documentPath(pathBelow(request, prefix));
  const isThere = services.store.snapshot.hasDocument(path);
  if (isThere && request.headers["if-none-match"] === "*") return reply.code(304).send();
  await unlessInConflict(() => services.change(() => services.store.putDocument(path, document)));
  return sendDone(request, reply, timers);
}

async function patch(
  services: RegoServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const timers = new RequestTimers();
  timers.begin("server_handler");
  const text = bodyText(request, services.limits.bodyBytes);
  const operations = timers.time("rego_input_parse", () => jsonOf(text));
  const root = pathBelow(request, prefix);
  const writes = listOf(operations).map((operation) => writeOf(operation, root));
  await unlessInConflict(() => services.change(() => services.store.writeDocuments(writes)));
  return sendDone(request, reply, timers);
}

async function remove(
  services: RegoServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const timers = new RequestTimers();
  timers.begin("server_handler");
  const path = documentPath(pathBelow(request, prefix));
  await services.change(() => services.store.deleteDocument(path));
  return sendDone(request, reply, timers);
}

function sendDone(request: FastifyRequest, reply: FastifyReply, timers: RequestTimers): FastifyReply {
  timers.end("server_handler");
  if (!isAsked(parametersOf(request), "metrics")) return reply.code(204).send();
  return sendDocument(request, reply, members({ metrics: value(timers.value) }));
}

/** What rules stand in the way of is told as one text. */
async function unlessInConflict(change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (error instanceof RegoDiagnostics) throw badParameter(problemsText(problemsOf(error)).trimEnd());
    throw error;
  }
}

function listOf(operations: RegoValue): readonly RegoValue[] {
  if (isArray(operations)) return operations;
  throw badParameter(misfit(operations, "value of type []types.PatchV1"));
}

/** An operation of a JSON Patch, its path below another. */
function writeOf(operation: RegoValue, root: string): DocumentWrite {
  if (!isObject(operation)) throw badParameter(misfit(operation, "value of type types.PatchV1"));
  const member = (name: string): RegoValue => objectGet(operation, name) ?? null;
  const kind = member("op");
  const given = member("path") ?? "";
  if (kind !== "add" && kind !== "replace" && kind !== "remove")
    throw badParameter(`bad patch operation: ${typeof kind === "string" ? kind : ""}`);
  const below = typeof given === "string" ? given.replace(/^\/+|\/+$/g, "") : "";
  const path = parsePatchPath(below === "" ? root : `${root}/${below}`);
  if (!path || path.length > depthLimit) throw badParameter(`bad patch path: ${below}`);
  return kind === "remove" ? { kind, path } : { kind, path, value: member("value") };
}
