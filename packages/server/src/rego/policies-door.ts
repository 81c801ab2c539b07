import { moduleText, RegoDiagnostics } from "custody/rego";
import type { Module } from "custody/rego";
import { items, members, moduleDocument, problemsOf, value } from "custody/rego/results";
import type { Document } from "custody/rego/results";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { ApiError, badParameter } from "./api-error.ts";
import { sendDocument } from "./replies.ts";
import { bodyBytes, isAsked, parametersOf, pathBelow } from "./request.ts";
import { RequestTimers } from "./request-timers.ts";
import type { RegoServices } from "./services.ts";

const prefix = "/v1/policies";

/** Modules: listed, shown, put and deleted. */
export function openPoliciesDoor(app: FastifyInstance, services: RegoServices): void {
  const { store } = services;
  const withoutHead = { exposeHeadRoute: false };
  const list = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const policies = [...store.snapshot.content.modules].map(([id, module]) => policyDocument(id, module));
    return sendDocument(request, reply, members({ result: items(policies) }));
  };
  app.get(prefix, withoutHead, async (request, reply) => list(request, reply));
  app.get(`${prefix}/*`, withoutHead, async (request, reply) => {
    const id = idOf(request);
    if (id === "") return list(request, reply);
    return sendDocument(request, reply, members({ result: policyDocument(id, store.getModule(id)) }));
  });
  app.put(`${prefix}/*`, async (request, reply) => {
    if (idOf(request) === "") return reply.code(405).send();
    return put(services, request, reply);
  });
  app.delete(`${prefix}/*`, async (request, reply) => {
    const timers = new RequestTimers();
    const work = (): void => timers.time("rego_module_compile", () => store.deleteModule(idOf(request)));
    await unlessWrong("invalid_operation", () => services.change(work));
    return sendTimed(request, reply, timers);
  });
}

async function put(
  { store, limits, change }: RegoServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const timers = new RequestTimers();
  const text = timers.time("server_read_bytes", () => moduleText(bodyBytes(request, limits.bodyBytes)));
  const id = idOf(request);
  if (text.trim() === "") throw badParameter(`${id}:0: rego_parse_error: empty module`);
  timers.begin("rego_module_parse");
  const work = (): void =>
    store.putModule(id, text, () => {
      timers.end("rego_module_parse");
      timers.begin("rego_module_compile");
    });
  await unlessWrong("invalid_parameter", () => change(work));
  timers.end("rego_module_compile");
  return sendTimed(request, reply, timers);
}

function idOf(request: FastifyRequest): string {
  return decodeURIComponent(pathBelow(request, prefix));
}

function policyDocument(id: string, module: Module): Document {
  return members({ id, raw: module.text, ast: moduleDocument(module) });
}

function sendTimed(request: FastifyRequest, reply: FastifyReply, timers: RequestTimers): FastifyReply {
  const isTimed = isAsked(parametersOf(request), "metrics");
  return sendDocument(request, reply, members({ metrics: isTimed ? value(timers.value) : undefined }));
}

async function unlessWrong(
  code: "invalid_operation" | "invalid_parameter",
  change: () => Promise<void>,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof RegoDiagnostics)) throw error;
    throw new ApiError(400, code, "error(s) occurred while compiling module(s)", problemsOf(error));
  }
}
