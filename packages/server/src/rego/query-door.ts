import { isObject, objectGet, RegoDiagnostics } from "custody/rego";
import type { Answer, PreparedQuery, PrepareOptions, RegoValue } from "custody/rego";
import { items, members, problemsOf, value } from "custody/rego/results";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { ApiError, badParameter } from "./api-error.ts";
import { explainingOf } from "./explanation.ts";
import type { Explaining } from "./explanation.ts";
import { sendDocument } from "./replies.ts";
import { bodyText, isAsked, jsonOf, misfit, parametersOf } from "./request.ts";
import { RequestTimers } from "./request-timers.ts";
import { evaluationOptions } from "./services.ts";
import type { RegoServices } from "./services.ts";

/** What a query from outside may not call: it could reach what only the server can. */
export const unsafeBuiltins: ReadonlySet<string> = new Set(["http.send"]);

const during = "error(s) occurred while decoding request: ";

/** Queries that a request brings. */
export function openQueryDoor(app: FastifyInstance, services: RegoServices): void {
  app.get("/v1/query", { exposeHeadRoute: false }, async (request, reply) => {
    const query = parametersOf(request).getAll("q").at(-1);
    if (query === undefined) throw badParameter("missing parameter 'q'");
    return answer(services, { request, reply, query, input: undefined });
  });
  app.post("/v1/query", async (request, reply) => {
    const text = bodyText(request, services.limits.bodyBytes);
    const body = jsonOf(text, during);
    if (!isObject(body)) throw badParameter(during + misfit(body, "value of type types.QueryRequestV1"));
    const query = objectGet(body, "query") ?? "";
    if (typeof query === "string")
      return answer(services, { request, reply, query, input: objectGet(body, "input") });
    throw badParameter(during + misfit(query, "struct field QueryRequestV1.query of type string"));
  });
}

interface QueryRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: string;
  readonly input: RegoValue | undefined;
}

function answer(services: RegoServices, { request, reply, query, input }: QueryRequest): FastifyReply {
  const timers = new RequestTimers();
  timers.begin("server_handler");
  if (query.trim() === "") throw new ApiError(500, "internal_error", "cannot evaluate empty query");
  const snapshot = services.store.snapshot;
  const parameters = parametersOf(request);
  const explaining = explainingOf(parameters, snapshot.policy);
  const prepared = timers.time("rego_query_compile", () =>
    prepare(() => snapshot.policy.prepare(query, { unsafeBuiltins, ...watching(explaining) })),
  );
  const options = { ...evaluationOptions(services), ...explaining?.options, data: snapshot.content.data };
  const record = (outcome: { result: RegoValue | undefined; error?: unknown }): void =>
    services.decisions?.record({
      ...outcome,
      input,
      decisionId: services.decisions.newId(),
      subject: { query },
      bundles: snapshot.content.bundles,
      metrics: timers.value,
      requestedBy: `${request.socket.remoteAddress ?? ""}:${request.socket.remotePort ?? 0}`,
    });
  let answers: readonly Answer[];
  try {
    answers = timers.time("rego_query_eval", () => prepared.evaluate(input, options));
  } catch (error) {
    record({ result: undefined, error });
    throw error;
  }
  timers.end("server_handler");
  const bindings = answers.map((one) => one.bindings);
  record({ result: bindings });
  const isTimed = isAsked(parameters, "metrics") || isAsked(parameters, "instrument");
  return sendDocument(
    request,
    reply,
    members({
      explanation: explaining?.document({ ...options, input }),
      metrics: isTimed ? value(timers.value) : undefined,
      result: bindings.length > 0 ? items(bindings.map((one) => value(one))) : undefined,
    }),
  );
}

function watching(explaining: Explaining | undefined): Pick<PrepareOptions, "followed" | "traced"> {
  if (!explaining) return {};
  return explaining.options.trace ? { traced: true } : { followed: true };
}

function prepare(work: () => PreparedQuery): PreparedQuery {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RegoDiagnostics)) throw error;
    const isParsing = error.diagnostics[0]?.code === "rego_parse_error";
    const message = `error(s) occurred while ${isParsing ? "parsing" : "compiling"} query`;
    throw badParameter(message, problemsOf(error));
  }
}
